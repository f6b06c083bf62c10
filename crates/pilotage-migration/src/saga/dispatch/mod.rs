//! What a CI job does: have a worker started, or attach to one that is at it already.
//!
//! The lease is the only thing that all jobs see, so that it decides: who has it, from whom it was
//! taken over, and which set its word is about. What the runner sees of a worker is a help: it
//! shows its words, and shortens the waiting for one that is dead.

mod seek;
mod start;
mod watch;
mod watched;

use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_lease::client::{LeaseClient, LeaseError};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, NoRandomness, OwnerId, Record, Tenancy, Ticket};
use pilotage_rollout::{ExitCode, Span};

use super::error::code_of;
use super::runner::{NotStarted, Runner};
use super::word::{Says, Word};
use seek::{Sought, seek};
use start::start;
use watch::watch;
pub use watched::{Watched, Watcher};

/// What is to be done, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The set of migrations, by its checksum.
    pub set: Digest,
    /// The lease on the database.
    pub lease: &'a LeaseClient,
    /// Who starts workers.
    pub runner: &'a dyn Runner,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// How long all of it may take.
    pub limit: Span,
    /// How much of that while a person holds the lease.
    pub hold: Span,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatched {
    /// All of the set is applied.
    Applied,
    /// It failed; what is applied of it is in the ledger.
    Failed {
        /// What stands for the kind of failure.
        code: ExitCode,
        /// Why.
        reason: String,
    },
    /// Somebody else has the database, or did not give it back in time.
    Busy {
        /// Who.
        who: String,
    },
    /// The worker was started, and within the limit nobody could say what became of it. It may
    /// still be at work: the next run attaches to it.
    Unknown {
        /// What is known.
        reason: String,
    },
}

/// Why nothing was dispatched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DispatchError {
    /// The lease cannot be used; no worker was started.
    #[error(transparent)]
    Lease(LeaseError),
    /// A worker was seen or started, and the lease cannot be used any more.
    #[error("what becomes of the worker cannot be seen")]
    OutOfSight(#[from] LeaseError),
    /// No worker could be started.
    #[error(transparent)]
    NotStarted(#[from] NotStarted),
    /// No name for this attempt.
    #[error(transparent)]
    Name(#[from] NoRandomness),
}

/// A worker that has the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Worker {
    /// What it owns.
    ticket: Ticket,
    /// From whom it took that over, which is the name of the attempt.
    attempt: OwnerId,
}

/// Has the set applied, by a worker that is started now or was started before.
///
/// Dropping it, or the death of this process, ends no worker. While the worker has not taken over,
/// the lease is kept here; if this process dies then, the worker takes over all the same, or the
/// ticket dies with its term.
pub async fn dispatch(
    job: Job<'_>,
    card: Card,
    tell: Watcher<'_>,
) -> Result<Dispatched, DispatchError> {
    let (begun, mut silent) = (job.clock.elapsed(), None);
    loop {
        let claim = claim(job, card.clone())?;
        let sought = seek(job, claim, silent, left(job, begun), tell).await;
        match sought.map_err(|error| blind(error, silent))? {
            Sought::Held(held) => return start(job, *held, begun, tell).await,
            Sought::Busy(busy) => return Ok(Dispatched::Busy { who: busy.to_string() }),
            Sought::UnderWay(worker, who) => {
                tell(&Watched::Attached { who });
                match watch(job, worker, begun, tell).await? {
                    // It ended without a word, or is dead: it is not watched again, but waited for
                    // as for any other owner. Whoever has the lease next goes on from the ledger.
                    Dispatched::Unknown { .. } if left(job, begun) > Span::ZERO => {
                        silent = Some(worker);
                    }
                    ended => return Ok(ended),
                }
            }
        }
    }
}

const fn blind(error: LeaseError, seen: Option<Worker>) -> DispatchError {
    match seen {
        None => DispatchError::Lease(error),
        Some(_) => DispatchError::OutOfSight(error),
    }
}

impl DispatchError {
    /// What stands for it where only a number can.
    pub const fn code(&self) -> ExitCode {
        match self {
            Self::Lease(error) => code_of(error),
            Self::OutOfSight(_) | Self::NotStarted(_) | Self::Name(_) => ExitCode::Unknown,
        }
    }
}

fn claim(job: Job<'_>, card: Card) -> Result<Claim, NoRandomness> {
    let doing = Word { set: job.set, says: Says::Applying }.to_string();
    let claim = Claim::new(OwnerId::random()?, Card { doing, ..card });
    Ok(Claim { at: job.clock.now(), ..claim })
}

/// What the worker has left to say.
fn parting(job: Job<'_>, record: Option<&Record>) -> Option<Dispatched> {
    let Some(Tenancy::Free(Some(card))) = record.map(|record| &record.tenancy) else {
        return None;
    };
    let word = card.doing.parse::<Word>().ok().filter(|word| word.set == job.set)?;
    match word.says {
        Says::Applied => Some(Dispatched::Applied),
        Says::Failed { code, reason } => Some(Dispatched::Failed { code, reason }),
        Says::Applying => None,
    }
}

fn unknown(reason: impl Into<String>) -> Dispatched {
    Dispatched::Unknown { reason: reason.into() }
}

fn left(job: Job<'_>, begun: Span) -> Span {
    let passed = job.clock.elapsed().as_millis().saturating_sub(begun.as_millis());
    Span::from_millis(job.limit.as_millis().saturating_sub(passed))
}
