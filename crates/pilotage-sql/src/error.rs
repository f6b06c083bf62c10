//! What can go wrong.

use std::error::Error;

use pilotage_lease::Fence;

/// A text that is not the address of a database.
#[derive(Debug, thiserror::Error)]
#[error(
    "this is not the address of a database, as `postgres://user@host/name` or \
     `mysql://user@host/name` is: {reason}"
)]
pub struct BadUrl {
    /// What is wrong; never the address, which may hold a password.
    pub reason: String,
}

/// A session lock cannot be had, or not be trusted.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The database cannot be used.
    #[error("{place} cannot be used while {doing}")]
    Database {
        /// Which database.
        place: String,
        /// What was being done.
        doing: &'static str,
        /// What it said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Something between here and the database shares sessions.
    #[error(
        "{place} is behind a pooler that shares sessions ({evidence}), so that a lock would belong \
         to anybody; give the direct address of the database"
    )]
    Pooled {
        /// Which database.
        place: String,
        /// What has shown it.
        evidence: String,
    },
    /// Nothing can be written there.
    #[error("{place} is a replica or read-only; give the address of the primary")]
    Replica {
        /// Which database.
        place: String,
    },
    /// Somebody with a higher fence was there.
    #[error("{place} has seen fence {seen}, which is above {fence}: the lease was lost")]
    Fenced {
        /// Which database.
        place: String,
        /// The fence of whoever asked.
        fence: Fence,
        /// The fence that it has seen.
        seen: Fence,
    },
    /// The lock is gone, with its session.
    #[error("the session lock in {place} is lost: {reason}")]
    Lost {
        /// Which database.
        place: String,
        /// What has shown it.
        reason: String,
    },
    /// The lock was not given back by who had it; its connection is closed.
    #[error("the session lock in {place} was not held when it was given back: {reason}")]
    NotReleased {
        /// Which database.
        place: String,
        /// What has shown it.
        reason: String,
    },
}
