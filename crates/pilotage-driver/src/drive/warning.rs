//! Oddities that a run survives.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::Span;
use serde::Serialize;

/// Something that is odd, and that a person should know of although the run goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Warning {
    /// The wall clock is behind the journal; the run goes on from the journal's time.
    ClockBehind {
        /// By how much.
        by: Span,
    },
    /// The journal ended in an unfinished line, which will be cut off.
    TornTail {
        /// How many bytes that are.
        bytes: usize,
    },
    /// The lease could not be given up; it ends by itself.
    LeaseNotReleased {
        /// Why.
        reason: String,
    },
    /// Some notes did not reach people.
    NotesLost {
        /// How many found no room in the queue or no time at the end.
        dropped: u32,
        /// How many the notifier failed to deliver in time.
        failed: u32,
    },
    /// The answer of the metrics did not fit the question and was taken for no answer.
    UnfitReadings {
        /// What did not fit.
        reason: String,
    },
}

impl Display for Warning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClockBehind { by } => write!(
                f,
                "the clock of this machine is {by} behind the journal; the run goes on from the \
                 journal's time"
            ),
            Self::TornTail { bytes } => write!(
                f,
                "the journal ends in {bytes} bytes of an unfinished line, which nobody acted upon"
            ),
            Self::LeaseNotReleased { reason } => {
                write!(f, "the lease was not given up and ends by itself: {reason}")
            }
            Self::NotesLost { dropped, failed } => {
                write!(f, "{dropped} notes were dropped and {failed} failed; people may not know")
            }
            Self::UnfitReadings { reason } => {
                write!(f, "the metrics gave an unfit answer, taken for none: {reason}")
            }
        }
    }
}
