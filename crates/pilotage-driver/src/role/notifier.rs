//! Telling people.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::{Cause, Verdict};

/// Whoever tells people about a run: a chat, a mail, a page.
///
/// # Contract
///
/// - **A notifier never matters to the run.** Its notes wait in a bounded queue beside the run;
///   each has a deadline of its own; what fails or finds no room is counted and reported as a
///   warning, never retried by the driver and never waited for by an effect.
/// - **At most once.** A note is given to the notifier once; after a crash some notes were never
///   sent. Whoever needs certainty reads the journal.
/// - **Cancellation.** Dropping `notify` may or may not have told people.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Notifier: Debug + Send + Sync {
    /// Tells people.
    async fn notify(&self, note: &Note) -> Result<(), NotifyFailure>;
}

/// Something that people may want to know at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which run.
    pub run: RunId,
    /// At which target.
    pub target: String,
    /// What.
    pub notice: Notice,
}

/// What people may want to know at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The run begins, or goes on after it was left.
    Started,
    /// The run goes back to the old release.
    Reverting {
        /// Why.
        cause: Cause,
    },
    /// The run has a verdict; a run that waits for a person has one, too.
    Ended(Verdict),
    /// The process cannot go on with the run and has left it as it is.
    Left {
        /// Why.
        reason: String,
    },
}

/// People could not be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("people could not be told: {reason}")]
pub struct NotifyFailure {
    /// What was seen.
    pub reason: String,
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

#[async_trait]
impl Notifier for Silence {
    async fn notify(&self, _: &Note) -> Result<(), NotifyFailure> {
        Ok(())
    }
}
