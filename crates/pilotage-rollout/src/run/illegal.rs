//! Events that no run accepts.

use crate::Moment;
use crate::target::Fence;

/// An event that cannot happen in the state that the run is in: a bug of the driver, or a journal
/// that belongs to another run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// Time went backwards.
    #[error(
        "an event at {} ms lies before the last one at {} ms: the clock jumped back; the driver \
         must go on from the journal's time", .at.as_millis(), .last.as_millis()
    )]
    ClockBackwards {
        /// The last event's time.
        last: Moment,
        /// This event's time.
        at: Moment,
    },
    /// The event answers a question that was not asked.
    #[error("`{event}` does not answer what the run asked for")]
    NotAsked {
        /// What happened.
        event: &'static str,
    },
    /// The readings do not fit the panel of the plan.
    #[error("the readings do not fit the judge's panel")]
    Readings(#[from] pilotage_judge::UnfitReadings),
    /// The run stands still.
    #[error("`{event}` reached a run that stands still: it must be resumed first")]
    Parked {
        /// What happened.
        event: &'static str,
    },
    /// The run is over.
    #[error("`{event}` reached a run that is over: start a new one")]
    Ended {
        /// What happened.
        event: &'static str,
    },
    /// A resumption that does not own more than the run before.
    #[error("resumed under fence {fence}, which is not above {last}: acquire the lease first")]
    OldFence {
        /// The fence of the run so far.
        last: Fence,
        /// The fence it was resumed with.
        fence: Fence,
    },
}
