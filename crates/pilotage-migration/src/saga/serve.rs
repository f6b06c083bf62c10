//! The whole life of a worker: from the ticket to the last word.

use pilotage_artifact::Digest;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, LeaseError, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, NoRandomness, OwnerId, Ticket};
use pilotage_rollout::Span;

use super::error::Failed;
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
    pub waiting: Span,
}

/// Why a worker has not applied everything.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The lease cannot be used.
    #[error(transparent)]
    Lease(#[from] LeaseError),
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

/// Takes the lease, works, and leaves word of what came of it; gives how many leaps it made.
///
/// Dropping it, or the death of this process, leaves the lease to become stale; whoever comes next
/// goes on from the ledger.
pub async fn serve(
    service: Service<'_>,
    job: Work<'_>,
    tell: Listener<'_>,
) -> Result<u32, ServeError> {
    let set = service.set;
    let mut held = take(service, job).await?;
    let ended = work(job, &mut held, tell).await;
    let says = match &ended {
        Ok(_) => Says::Applied,
        Err(failed) => Says::Failed { reason: failed.to_string() },
    };
    held.release(Word { set, says }.to_string()).await?;
    Ok(ended?)
}

async fn take(service: Service<'_>, job: Work<'_>) -> Result<Held, ServeError> {
    let doing = Word { set: service.set, says: Says::Applying }.to_string();
    let claim = Claim {
        ticket: service.ticket,
        at: job.clock.now(),
        ..Claim::new(OwnerId::random()?, Card { doing, ..service.card })
    };
    // Whoever was sent either takes over at once or has come too late.
    let waiting = if service.ticket.is_some() { Span::ZERO } else { service.waiting };
    match service.lease.acquire(claim, Waiting::up_to(waiting), &mut |_| ()).await? {
        Acquisition::Held(held) => Ok(held),
        Acquisition::Busy(busy) => Err(ServeError::Busy { who: busy.to_string() }),
    }
}
