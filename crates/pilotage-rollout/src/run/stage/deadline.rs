//! How long each stage may take, and what it waits for.

use crate::Span;
use crate::plan::Limits;

use super::Stage;

impl Stage {
    /// How long the stage may take; none where the plan's own gates say so.
    pub fn deadline(&self, limits: &Limits) -> Option<Span> {
        match self {
            Self::Holding(_) => None,
            Self::Migrating => Some(limits.migrate),
            Self::Rolling { .. } | Self::Unrolling { .. } => Some(limits.delegated),
            Self::Proving { .. } | Self::Asserting | Self::Closing { .. } => Some(limits.prove),
            Self::Restoring { .. } => Some(limits.prove + limits.confirm),
            Self::Draining { .. } | Self::Releasing { .. } => {
                Some(limits.drain + limits.settle + limits.prove)
            }
            Self::Trimming { .. } | Self::Disposing { .. } => Some(limits.confirm + limits.drain),
            Self::Claiming { .. }
            | Self::Checking
            | Self::Growing { .. }
            | Self::Shifting { .. }
            | Self::Proceeding { .. }
            | Self::Pruning
            | Self::Returning { .. } => Some(limits.confirm),
        }
    }

    /// What the stage waits for, as a person would say it.
    pub const fn awaits(&self) -> &'static str {
        match self {
            Self::Claiming { .. } => "the claim to show at the target",
            Self::Checking => "the live state",
            Self::Migrating => "the expand migrations",
            Self::Growing { .. } => "the candidate's units to be asked for",
            Self::Proving { .. } => "the candidate to prove healthy",
            Self::Shifting { .. } => "the router to give the candidate its traffic",
            Self::Holding(_) => "the gates of the step",
            Self::Draining { .. } => "requests at the stable release to finish",
            Self::Trimming { .. } => "the stable release's units to stop",
            Self::Rolling { .. } => "the platform's own rollout",
            Self::Proceeding { .. } => "the platform to go on from its hook",
            Self::Asserting => "exactly the new release to run",
            Self::Pruning => "the clean-up",
            Self::Restoring { .. } => "the stable release to be whole and healthy",
            Self::Unrolling { .. } => "the platform's own rollback",
            Self::Returning { .. } => "the router to take all traffic from the candidate",
            Self::Releasing { .. } => "requests at the candidate to finish",
            Self::Disposing { .. } => "the candidate's units to stop",
            Self::Closing { .. } => "exactly the old release to run",
        }
    }
}
