//! Where workers run, as a role.

use core::fmt::Debug;
use std::error::Error;

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_lease::{LeaseName, OwnerId, Ticket};
use pilotage_rollout::Span;

/// What a worker is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The lease on the database.
    pub lease: LeaseName,
    /// Whose place it takes. Its owner names this attempt: whoever comes later finds that name in
    /// the record of the lease, as the one from whom it was taken over.
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
/// - **`words` are free of secrets**, and are for people only: nothing is decided by them.
/// - **`stop`** asks it to end, and says when it has.
#[async_trait]
pub trait Runner: Debug + Send + Sync {
    /// Where this is, in words for a person.
    fn place(&self) -> String;

    /// Starts a worker.
    async fn start(&self, assignment: &Assignment) -> Result<(), NotStarted>;

    /// Looks how the worker of this attempt is.
    async fn look(&self, attempt: OwnerId) -> Life;

    /// What it has said since; a runner that cannot listen has nothing to tell.
    async fn words(&self, attempt: OwnerId, since: Heard) -> Words {
        let _ = attempt;
        Words { lines: Vec::new(), heard: since }
    }

    /// Ends it.
    async fn stop(&self, attempt: OwnerId) -> Life;

    /// How often it may be looked at.
    fn pace(&self) -> Span {
        Span::from_secs(2)
    }
}

/// How far somebody has listened to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard(pub u64);

/// What a worker has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Line by line.
    pub lines: Vec<String>,
    /// From where to listen on.
    pub heard: Heard,
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
