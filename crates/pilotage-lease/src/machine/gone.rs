//! How an ownership ended.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::Fence;

use crate::Tenure;

/// How an ownership ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Gone {
    /// Nobody owns it: it was given up.
    Free,
    /// It was given to the owner of a ticket.
    HandedOver(Tenure, Fence),
    /// Somebody took it.
    Taken(Tenure, Fence),
    /// The record is not there any more, which should never be.
    Vanished,
}

impl Display for Gone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("it was given up"),
            Self::HandedOver(to, fence) => {
                write!(f, "it was handed over to {}, fence {fence}", to.card)
            }
            Self::Taken(by, fence) => write!(f, "{} has it, fence {fence}", by.card),
            Self::Vanished => f.write_str("its record was deleted"),
        }
    }
}
