//! Where workers run, as a role.

use core::fmt::Debug;
use std::error::Error;

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_lease::{LeaseName, Ticket};

/// What a worker is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The lease on the database.
    pub lease: LeaseName,
    /// Whose place it takes; the name of this attempt.
    pub ticket: Ticket,
    /// The set of migrations, by its checksum.
    pub set: Digest,
}

/// Starts workers: on this machine, as a one-off task, as a job, or as a command on a host.
///
/// # Contract
///
/// - **One worker for a ticket.** Starting it again after a lost answer starts no second one.
/// - **It outlives whoever started it.** Dropping any call, or the death of this process, does not
///   end it.
/// - **`look` never guesses**: a worker that cannot be seen is `Unseen`, not ended.
/// - **`stop`** asks it to end, and says when it has.
#[async_trait]
pub trait Runner: Debug + Send + Sync {
    /// Where this is, in words for a person.
    fn place(&self) -> String;

    /// Starts a worker.
    async fn start(&self, assignment: &Assignment) -> Result<(), NotStarted>;

    /// Looks how it is.
    async fn look(&self, ticket: Ticket) -> Life;

    /// Ends it.
    async fn stop(&self, ticket: Ticket) -> Life;
}

/// A worker as its runner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// It runs, or is about to.
    Running,
    /// It has ended.
    Ended {
        /// Its exit code, if it got so far as to have one.
        code: Option<i32>,
        /// Its last words, already free of secrets.
        tail: String,
    },
    /// It cannot be seen just now.
    Unseen {
        /// Why.
        reason: String,
    },
}

/// A worker could not be started.
#[derive(Debug, thiserror::Error)]
#[error("no worker could be started on {place}: {reason}")]
pub struct NotStarted {
    /// Where.
    pub place: String,
    /// Why.
    pub reason: String,
    /// The system's own word, where there is one.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}
