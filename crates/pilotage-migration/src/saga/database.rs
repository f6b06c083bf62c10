//! The database that is migrated, as a role.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::Fence;

use super::ledger::Entry;
use super::script::Sql;

/// A database that is migrated.
#[async_trait]
pub trait Database: Debug + Send + Sync {
    /// Which one this is, in words for a person, without a password.
    fn place(&self) -> String;

    /// Opens the one session in which everything happens, and makes sure that it *is* one: to the
    /// primary, and not through a pooler that gives each statement another.
    async fn open(&self, fence: Fence) -> Result<Box<dyn Session>, Trouble>;

    /// Stops whatever sessions of this fence or an older one are doing. For whoever has lost the
    /// lease: the server does not notice by itself that nobody waits for its answer.
    async fn cancel(&self, fence: Fence) -> Result<(), Trouble>;
}

/// A session of a database.
///
/// # Contract
///
/// - **The lock belongs to the session** and ends with it, however it ends.
/// - **No write under an older fence**: [`claim`](Self::claim) and [`note`](Self::note) and the
///   line in the ledger of [`together`](Self::together) are refused where a later fence is known.
/// - **Outcomes are never guessed**: a statement without an answer is [`Leapt::Unknown`].
/// - **Cancellation.** Dropping a session ends it; what a statement has become then is unknown.
#[async_trait]
pub trait Session: Debug + Send {
    /// Tries once to take the lock of this database's migrations; it does not wait.
    async fn try_lock(&mut self) -> Result<Lock, Trouble>;

    /// Makes the fence known in the database, before anything is read that is acted upon.
    async fn claim(&mut self) -> Result<(), Trouble>;

    /// Reads the ledger.
    async fn ledger(&mut self) -> Result<Vec<Entry>, Trouble>;

    /// Writes a line of the ledger, in place of the one of the same migration.
    async fn note(&mut self, entry: &Entry) -> Result<(), Trouble>;

    /// Runs statements and writes a line of the ledger, in one transaction.
    async fn together(&mut self, statements: &[Sql], entry: &Entry) -> Leapt;

    /// Runs one statement outside any transaction.
    async fn alone(&mut self, statement: &Sql) -> Leapt;

    /// Finds out what became of a statement that was begun by itself and whose end nobody saw, and
    /// clears away what a failed one has left.
    async fn find_out(&mut self, statement: &Sql) -> Result<Found, Trouble>;

    /// Clears away what a statement has left that was begun by itself and that the server refused;
    /// it is unclear where a half of it may have stayed.
    async fn clear_away(&mut self, statement: &Sql) -> Result<Found, Trouble>;

    /// Gives the lock back, and fails if it was not held.
    async fn close(self: Box<Self>) -> Result<(), Trouble>;
}

/// The answer to an attempt to take the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// It is this session's.
    Ours,
    /// It is another session's.
    Others {
        /// Whose, as far as the server tells.
        who: String,
    },
}

/// What came of statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leapt {
    /// They are applied.
    Applied,
    /// Nothing of them is applied, because others kept their locks for too long.
    Locked {
        /// The server's words.
        reason: String,
    },
    /// Nothing of them is applied.
    Refused {
        /// The server's words.
        reason: String,
    },
    /// A later fence is known in the database; nothing is applied.
    Fenced {
        /// Which.
        newer: Fence,
    },
    /// They may be applied or not.
    Unknown {
        /// What was seen.
        reason: String,
    },
}

/// What became of a statement that somebody began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is applied.
    Applied,
    /// Nothing of it is applied.
    Absent,
    /// The database does not show it.
    Unclear {
        /// What was looked for.
        reason: String,
    },
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// It cannot be reached, or the session ended.
    #[error("{place} cannot be reached: {reason}")]
    Away {
        /// Which database.
        place: String,
        /// What was seen.
        reason: String,
    },
    /// It can be reached and must not be used like this.
    #[error("{place} cannot be migrated: {reason}")]
    Unfit {
        /// Which database.
        place: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Somebody with a later fence has been here.
    #[error("{place} belongs to a later run (fence {newer}): nothing was written")]
    Fenced {
        /// Which database.
        place: String,
        /// The fence that is known there.
        newer: Fence,
    },
    /// The server refused what every migration needs.
    #[error("{place} refused to {what}: {reason}")]
    Refused {
        /// Which database.
        place: String,
        /// What was being done.
        what: String,
        /// The server's words.
        reason: String,
    },
}
