//! The whole life of a worker: from the ticket to the last word.

use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, LeaseError, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, NoRandomness, OwnerId, Ticket};
use pilotage_redact::Veil;
use pilotage_rollout::ExitCode;

use super::error::{Failed, code_of};
use super::escort::{Escort, escort};
use super::told::Listener;
use super::word::{Says, Word};
use super::work::{Work, work};

/// Under which lease a worker works.
#[derive(Debug, Clone)]
pub struct Service<'a> {
    /// The set of migrations, by its checksum.
    pub set: Digest,
    /// The lease on the database.
    pub lease: &'a LeaseClient,
    /// Whose place it takes; none if nobody has sent it.
    pub ticket: Option<Ticket>,
    /// What others are told.
    pub card: Card,
    /// How long to wait for the lease, where it has no ticket.
    pub waiting: Waiting,
    /// What is masked in the word that is left in the lease's record.
    pub veil: &'a Veil,
}

/// What a worker does while it has the lease.
#[derive(Debug, Clone, Copy)]
pub enum Task<'a> {
    /// It applies migrations, as the ledger in the database says.
    Scripts(Work<'a>),
    /// It keeps the database for a program that knows itself what is applied.
    Program(Escort<'a>),
}

/// Why a worker has not applied everything.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The lease cannot be taken.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// The work is over, but the lease cannot be given back with word of it.
    #[error("what came of it could not be written down")]
    Untold(#[source] LeaseError),
    /// The lease is somebody else's: the ticket is not good any more, or they did not end in time.
    #[error("the lease is taken: {who}")]
    Busy {
        /// Whose it is.
        who: String,
    },
    /// No name for this worker.
    #[error(transparent)]
    Name(#[from] NoRandomness),
    /// The work has failed.
    #[error(transparent)]
    Work(#[from] Failed),
}

impl ServeError {
    /// What stands for it where only a number can.
    pub const fn code(&self) -> ExitCode {
        match self {
            Self::Lease(error) => code_of(error),
            Self::Untold(_) => ExitCode::Unknown,
            Self::Busy { .. } => ExitCode::Busy,
            Self::Name(_) => ExitCode::Refused,
            Self::Work(failed) => failed.code(),
        }
    }
}

/// Takes the lease, works, and leaves word of what came of it; gives how many leaps it made.
///
/// Dropping it, or the death of this process, leaves the lease to become stale; whoever comes next
/// goes on from the ledger.
pub async fn serve(
    service: Service<'_>,
    task: Task<'_>,
    tell: Listener<'_>,
) -> Result<u32, ServeError> {
    let (set, veil) = (service.set, service.veil);
    let mut held = take(service, task.clock()).await?;
    let ended = match task {
        Task::Scripts(job) => work(job, &mut held, tell).await,
        Task::Program(job) => escort(job, &mut held, tell).await.map(|()| 1),
    };
    let says = match &ended {
        Ok(_) => Says::Applied,
        Err(failed) => {
            Says::Failed { code: failed.code(), reason: veil.cover(&failed.to_string()) }
        }
    };
    held.release(Word { set, says }.to_string()).await.map_err(ServeError::Untold)?;
    Ok(ended?)
}

impl<'a> Task<'a> {
    const fn clock(&self) -> &'a dyn Clock {
        match self {
            Self::Scripts(job) => job.clock,
            Self::Program(job) => job.clock,
        }
    }
}

async fn take(service: Service<'_>, clock: &dyn Clock) -> Result<Held, ServeError> {
    let doing = Word { set: service.set, says: Says::Applying }.to_string();
    let claim = Claim {
        ticket: service.ticket,
        at: clock.now(),
        ..Claim::new(OwnerId::random()?, Card { doing, ..service.card })
    };
    // Whoever was sent either takes over at once or has come too late.
    let waiting = if service.ticket.is_some() { Waiting::NOT } else { service.waiting };
    match service.lease.acquire(claim, waiting, &mut |_| ()).await? {
        Acquisition::Held(held) => Ok(held),
        Acquisition::Busy(busy) => Err(ServeError::Busy { who: busy.to_string() }),
    }
}
