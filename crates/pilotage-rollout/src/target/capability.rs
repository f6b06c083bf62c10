//! What a target can do; asked for, never assumed.

use serde::{Deserialize, Serialize};

use crate::{Share, Span};

/// What a target declares of itself, so that the planner can adapt a ramp or refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// How finely traffic can be divided.
    pub traffic: TrafficControl,
    /// Who performs a rolling update.
    pub rolling: RollingControl,
    /// Whether the candidate can be reached before it gets production traffic.
    pub preview: bool,
    /// What the target does with a write under a stale fence.
    pub fencing: Fencing,
    /// How old an answer to a read can be at most.
    pub lag: Span,
    /// How long after it was sent a write without an answer can still take effect at most.
    pub settle: Span,
}

/// How traffic is divided between the tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TrafficControl {
    /// A router with weights in multiples of this share.
    Weights {
        /// The smallest step.
        granularity: Share,
    },
    /// All or nothing: a selector or a symbolic link.
    Switch,
    /// By the number of units on each side.
    Ratio,
}

impl TrafficControl {
    /// The largest share up to this one that the router can give.
    pub fn at_most(self, share: Share) -> Share {
        match self {
            Self::Weights { granularity } => share.rounded_down_to(granularity),
            Self::Switch if share < Share::ALL => Share::NONE,
            Self::Switch | Self::Ratio => share,
        }
    }
}

/// Who performs a rolling update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollingControl {
    /// The platform has a controller for it; it is asked once and watched.
    Delegated,
    /// The same, and nothing but that controller may size groups or move traffic.
    Exclusive,
    /// The engine walks through the batches.
    Driven,
}

/// What happens to a write of an owner who lost the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fencing {
    /// The target compares numbers at the write and refuses the stale one.
    Enforced,
    /// The adapter compares before the write; a write already under way is detected afterwards.
    Checked,
}
