//! How a write or a read ended.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::Fence;
use crate::Span;

/// How a write ended. The third value is the one that matters: not knowing is not failing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The target accepted it; it may take a while to show.
    Applied,
    /// It did not happen and will not happen.
    NotApplied(Rejection),
    /// Nobody knows; it may even happen later. Reading back decides, never a blind repeat.
    Unknown {
        /// What was seen instead of an answer.
        reason: String,
    },
}

/// Why a write did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rejection {
    /// Throttled, or somebody else wrote first: read again, then try again.
    Busy {
        /// What the target said.
        reason: String,
        /// When it asked to be tried again.
        retry_after: Option<Span>,
    },
    /// The target will not do this, however often it is asked.
    Refused {
        /// What the target said.
        reason: String,
    },
    /// The target has a newer owner.
    StaleFence {
        /// Its fence.
        current: Fence,
    },
}

/// Why a read gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReadFailure {
    /// Throttled, slow or out of reach: try again.
    Unavailable {
        /// What was seen instead of an answer.
        reason: String,
        /// When the target asked to be tried again.
        retry_after: Option<Span>,
    },
    /// Not allowed, or there is no such target: trying again cannot help.
    Refused {
        /// What the target said.
        reason: String,
    },
}
