//! Where journals are kept.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;

use crate::journal::Head;

/// Where journals are kept: lines of bytes, one journal a run.
///
/// # Contract
///
/// - **Durable.** When `append` returns `Ok`, the line survives the loss of power.
/// - **Conditional.** `append` adds the line only if the journal ends exactly at `expected`;
///   otherwise it changes nothing and answers [`StoreError::Conflict`]. The comparison and the
///   write are one step for everybody who uses the store, in this process or another, so that
///   of two drivers on one journal at most one can go on. [`Head::EMPTY`] creates the journal.
/// - **Whole lines.** A line ends in a line feed and contains no other. What follows the last
///   line feed is a torn write that was never acknowledged: `load` returns it, the next `append`
///   cuts it off.
/// - **Append only.** Nothing is ever changed or removed before the expected head.
/// - **Failures.** After any error but `Conflict` the line may or may not be there; the caller
///   stops, and whoever resumes loads anew. `append` is therefore never repeated blindly.
/// - **Cancellation.** Dropping `append` is like such a failure. Dropping the others leaves
///   nothing behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait JournalStore: Debug + Send + Sync {
    /// The raw bytes of this run's journal, a torn end included.
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError>;

    /// Adds one line, line feed included, on condition that the journal ends at `expected`.
    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError>;

    /// The runs that have a journal here, in the order of their names.
    async fn runs(&self) -> Result<Vec<RunId>, StoreError>;
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such journal.
    #[error("there is no journal of run `{run}` in {place}: `history` lists the runs")]
    NotFound {
        /// The run.
        run: RunId,
        /// Where it was looked for.
        place: String,
    },
    /// The journal does not end where the caller thinks it does.
    #[error("the journal of run `{run}` does not end at {expected}: {found}")]
    Conflict {
        /// The run.
        run: RunId,
        /// Where it should have ended.
        expected: Box<Head>,
        /// What was found instead.
        found: String,
    },
    /// There is no room for the line.
    #[error("no space is left in {place} for the journal of run `{run}`: free some, then `resume`")]
    Full {
        /// The run.
        run: RunId,
        /// Where there is no room.
        place: String,
        /// The system's own word.
        source: std::io::Error,
    },
    /// The journal is larger than any run makes it.
    #[error("the journal of run `{run}` has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// The run.
        run: RunId,
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        limit: u64,
    },
    /// The name of the run cannot be stored.
    #[error(
        "`{run}` cannot name a journal: use 1 to 128 of `A-Z`, `a-z`, `0-9`, `_`, `.` and `-`, \
         not beginning with `.` or `-`"
    )]
    Unnameable {
        /// The run.
        run: RunId,
    },
    /// The store cannot be reached or does not answer; whether anything was written is unknown.
    #[error("the journal store in {place} cannot be used: {reason}")]
    Unavailable {
        /// Which store.
        place: String,
        /// What was being done, and what was seen.
        reason: String,
        /// The system's own word, where there is one.
        source: Option<std::io::Error>,
    },
}

/// The name of a run, if it is fit to be a file name, a key of a database and part of an address;
/// every store keeps to this, so that a journal can move from one to another.
pub fn nameable(run: &RunId) -> Result<&str, StoreError> {
    let name = run.0.as_str();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let is_name =
        (1..=128).contains(&name.len()) && name.bytes().all(fits) && !name.starts_with(['.', '-']);
    if is_name { Ok(name) } else { Err(StoreError::Unnameable { run: run.clone() }) }
}
