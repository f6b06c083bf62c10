//! What a process waits for.

use pilotage_lease::{Stored, Written};

/// A call to the store of the lease. Looks are answered at once, unless one is slow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Call {
    /// None is under way.
    Quiet,
    /// A look, whose answer is on its way.
    Slow(Box<Option<Stored>>),
    /// A write that is in the post.
    Sent,
}

/// The answer to a write.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Applied(u64),
    Refused,
    Lost,
}

impl Answer {
    pub(super) fn written(&self) -> Written {
        match self {
            Self::Applied(revision) => Written::Applied(super::world::tag(*revision)),
            Self::Refused => Written::Refused,
            Self::Lost => Written::Unknown { reason: String::new() },
        }
    }
}
