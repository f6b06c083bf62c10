//! What the engine may ask of a target.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

use pilotage_artifact::ReleaseId;
use serde::{Deserialize, Serialize};

use crate::Share;

/// The number of an ownership of the target; it only grows, and a write under a lower one is stale.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fence(pub u64);

impl Display for Fence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The name of a set of expand migrations that must be applied before the candidate serves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MigrationId(pub String);

impl Display for MigrationId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A declarative wish: it names the state to reach, so that repeating it is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Raise the fence at the target to the one of the order, before anything is read there.
    Claim,
    /// Apply this set of expand migrations, if it is not applied yet.
    Migrate {
        /// Which set.
        migration: MigrationId,
    },
    /// Have this many units of the release. Zero stops them and keeps what a rollback needs.
    Capacity {
        /// Whose units.
        release: ReleaseId,
        /// How many.
        units: u16,
    },
    /// Give the candidate this share of the traffic and the stable release the rest.
    Traffic {
        /// Who gets the rest; nobody on a first deploy.
        stable: Option<ReleaseId>,
        /// Who gets the share.
        candidate: ReleaseId,
        /// How much.
        share: Share,
    },
    /// Have the platform's own controller roll the service to this release.
    Roll {
        /// Where to.
        release: ReleaseId,
    },
    /// Let a platform rollout that waits at this hook go on.
    Proceed {
        /// The hook that it waits at.
        hook: String,
    },
    /// Remove what belongs to none of these releases.
    Prune {
        /// What a rollback or a resumed run may still need.
        keep: Vec<ReleaseId>,
    },
}

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim => f.write_str("claim the target"),
            Self::Migrate { migration } => write!(f, "apply expand migrations `{migration}`"),
            Self::Capacity { release, units: 0 } => write!(f, "stop the units of `{release}`"),
            Self::Capacity { release, units: 1 } => write!(f, "run one unit of `{release}`"),
            Self::Capacity { release, units } => write!(f, "run {units} units of `{release}`"),
            Self::Traffic { candidate, share, .. } => {
                write!(f, "give `{candidate}` {share} of the traffic")
            }
            Self::Roll { release } => write!(f, "have the platform roll to `{release}`"),
            Self::Proceed { hook } => write!(f, "let the platform go on from `{hook}`"),
            Self::Prune { keep } => write!(f, "prune all but {} releases", keep.len()),
        }
    }
}

/// Who wrote, and in which order: the idempotency token of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// Under which ownership.
    pub fence: Fence,
    /// The how-manieth order of the run.
    pub number: u32,
}

/// An action with the stamp that makes a stale or repeated one recognisable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Who and when.
    pub stamp: Stamp,
    /// What.
    pub action: Action,
}
