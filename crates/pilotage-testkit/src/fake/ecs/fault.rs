//! What goes wrong once, and what an answer says instead of what is.

use core::fmt::{self, Debug, Formatter};

use serde_json::Value;

use super::answer::{Answer, Refusal};

/// What goes wrong once, with the next call of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Too many calls. As always with ECS, the status is 400.
    Throttled,
    /// Somebody registers a revision of the same family at the same moment.
    Rush,
    /// It happens, and then the answer is that the service has a fault.
    LostAfter,
    /// It does not happen, and the answer is the same.
    LostBefore,
    /// The credentials are over.
    Expired,
    /// The action is not allowed.
    Denied,
    /// `DescribeServices`: the answer is as old as the last change.
    Stale,
}

impl Fault {
    /// The answer, where what was asked for does not happen.
    pub(super) fn refusal(self) -> Option<Answer> {
        let refusal = match self {
            Self::Throttled => Refusal::new("ThrottlingException", "Rate exceeded"),
            Self::Rush => Refusal::new(
                "ClientException",
                "Too many concurrent attempts to create a new revision of the specified family.",
            ),
            Self::LostBefore => return Some(Answer::fault()),
            Self::Expired => Refusal::new(
                "ExpiredTokenException",
                "The security token included in the request is expired",
            ),
            Self::Denied => Refusal::new("AccessDeniedException", "User is not authorized"),
            Self::LostAfter | Self::Stale => return None,
        };
        Some(refusal.into())
    }
}

/// A change to the next answers of an action, for what no rule of this world brings about.
pub struct Twist {
    pub(super) action: &'static str,
    pub(super) times: usize,
    pub(super) change: Box<dyn FnMut(&mut Value) + Send>,
}

impl Twist {
    /// Changes the next answer.
    pub fn once(action: &'static str, change: impl FnMut(&mut Value) + Send + 'static) -> Self {
        Self { action, times: 1, change: Box::new(change) }
    }

    /// Changes so many answers.
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }
}

impl Debug for Twist {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twist").field("action", &self.action).finish_non_exhaustive()
    }
}
