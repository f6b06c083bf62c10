//! Why something cannot be owned just now.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::{Fence, Span};

use crate::{Hold, Tenure, Ticket};

/// Why something cannot be owned just now. It is an answer, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Busy {
    /// A person holds it, and waiting may not help.
    OnHold(Hold),
    /// Somebody owns it.
    Owned {
        /// The ownership, as its owner wrote it down.
        tenure: Box<Tenure>,
        /// Its fence.
        fence: Fence,
        /// How much longer this version must be unchanged before it counts as stale.
        stale_in: Span,
    },
    /// There is no fence left that would be higher. Somebody wrote an absurd one.
    Exhausted,
}

impl Busy {
    /// Names the ownership that is in the way.
    pub const fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Owned { tenure, fence, .. } => {
                Some(Ticket { owner: tenure.owner, fence: *fence })
            }
            Self::OnHold(_) | Self::Exhausted => None,
        }
    }
}

impl Display for Busy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnHold(hold) => hold.fmt(f),
            Self::Owned { tenure, .. } => tenure.card.fmt(f),
            Self::Exhausted => f.write_str("nobody: its fences are used up"),
        }
    }
}
