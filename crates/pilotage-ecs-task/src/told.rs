//! What is told while a task is watched.

use crate::listen::Heard;

/// What is told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The task was started.
    Started {
        /// Its ARN.
        arn: String,
    },
    /// It was there already.
    Attached {
        /// Its ARN.
        arn: String,
    },
    /// It has come into another state.
    State {
        /// In ECS's word.
        state: String,
    },
    /// It cannot be seen just now.
    Unseen {
        /// Why.
        reason: String,
    },
    /// It is told to end.
    Stopping {
        /// Why.
        why: Why,
    },
    /// A container has said something, or cannot be heard.
    Heard(Heard),
}

/// Why a task was told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Its time was over.
    Deadline,
    /// Somebody has asked for it.
    Cancelled,
}

/// Who wants to know.
pub type Watcher<'a> = &'a mut (dyn FnMut(Told) + Send);

impl Why {
    /// What ECS is told, and shows as the reason.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Deadline => "pilotage: its time is over",
            Self::Cancelled => "pilotage: it was cancelled",
        }
    }
}
