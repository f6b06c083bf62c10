//! What a CI job does: have a worker started, or attach to one that is at it already.

use core::fmt::{self, Display, Formatter};

use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, LeaseError, Loss, Renewal, Waiting};
use pilotage_lease::machine::{Busy, Claim, Gone};
use pilotage_lease::{Card, NoRandomness, OwnerId, Record, Tenancy, Ticket};
use pilotage_rollout::Span;
use tokio::sync::Notify;

use super::runner::{Assignment, Life, NotStarted, Runner};
use super::word::{Says, Word};

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
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatched {
    /// All of the set is applied.
    Applied,
    /// It failed; what is applied of it is in the ledger.
    Failed {
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
    /// The lease cannot be used.
    #[error(transparent)]
    Lease(#[from] LeaseError),
    /// No worker could be started.
    #[error(transparent)]
    NotStarted(#[from] NotStarted),
    /// No name for this attempt.
    #[error(transparent)]
    Name(#[from] NoRandomness),
}

/// What is told meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Another set, or something else, has the database.
    Waiting {
        /// Who.
        who: String,
    },
    /// A worker is at this very set already.
    Attached {
        /// Who.
        who: String,
    },
    /// A worker was started.
    Started,
    /// The worker has taken the lease over; from now on this process may end.
    HandedOver,
}

impl Display for Watched {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { who } => write!(f, "waiting for {who}"),
            Self::Attached { who } => write!(f, "these migrations are under way: watching {who}"),
            Self::Started => f.write_str("a worker was started"),
            Self::HandedOver => f.write_str("the worker has taken over"),
        }
    }
}

/// Who wants to know.
pub type Watcher<'a> = &'a mut (dyn FnMut(&Watched) + Send);

/// How often to look.
const POLL: Span = Span::from_secs(2);

/// Has the set applied, by a worker that is started now or was started before.
///
/// Dropping it, or the death of this process, ends no worker. While the worker has not taken over,
/// the lease is kept here; if this process dies then, the ticket dies with its term.
pub async fn dispatch(
    job: Job<'_>,
    card: Card,
    tell: Watcher<'_>,
) -> Result<Dispatched, DispatchError> {
    let (begun, mut silent) = (job.clock.elapsed(), None);
    loop {
        let claim = claim(job, card.clone())?;
        match seek(job, claim, silent, left(job, begun), tell).await? {
            Sought::Held(held) => return start(job, *held, begun, tell).await,
            Sought::Busy(busy) => return Ok(Dispatched::Busy { who: busy.to_string() }),
            Sought::UnderWay(worker, who) => {
                tell(&Watched::Attached { who });
                match watch(job, worker, begun).await? {
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

enum Sought {
    Held(Box<Held>),
    Busy(Busy),
    UnderWay(Ticket, String),
}

/// Waits for the lease, or until it is seen that a worker other than the silent one is at this very
/// set.
async fn seek(
    job: Job<'_>,
    claim: Claim,
    silent: Option<Ticket>,
    limit: Span,
    tell: Watcher<'_>,
) -> Result<Sought, LeaseError> {
    let (mut found, noticed) = (None, Notify::new());
    let mut look = |busy: &Busy| match under_way(job, busy).filter(|worker| silent != Some(*worker))
    {
        Some(worker) => {
            found = Some((worker, busy.to_string()));
            noticed.notify_one();
        }
        None => tell(&Watched::Waiting { who: busy.to_string() }),
    };
    let acquired = tokio::select! {
        biased;
        acquired = job.lease.acquire(claim, Waiting::up_to(limit), &mut look) => Some(acquired?),
        () = noticed.notified() => None,
    };
    Ok(match (acquired, found) {
        (Some(Acquisition::Held(held)), _) => Sought::Held(Box::new(held)),
        (Some(Acquisition::Busy(busy)), _) => Sought::Busy(busy),
        (None, Some((worker, who))) => Sought::UnderWay(worker, who),
        (None, None) => Sought::Busy(Busy::Exhausted),
    })
}

fn claim(job: Job<'_>, card: Card) -> Result<Claim, NoRandomness> {
    let doing = Word { set: job.set, says: Says::Applying }.to_string();
    let claim = Claim::new(OwnerId::random()?, Card { doing, ..card });
    Ok(Claim { at: job.clock.now(), ..claim })
}

/// The worker that is at this very set.
fn under_way(job: Job<'_>, busy: &Busy) -> Option<Ticket> {
    let Busy::Owned { tenure, .. } = busy else { return None };
    let word: Word = tenure.card.doing.parse().ok()?;
    let is_it = word.set == job.set && word.says == Says::Applying;
    // An owner that took over from nobody is a job that has not handed over yet: it may die
    // before it does, so that there is nothing to attach to.
    let is_worker = tenure.from.is_some();
    if is_it && is_worker { busy.ticket() } else { None }
}

async fn start(
    job: Job<'_>,
    mut held: Held,
    begun: Span,
    tell: Watcher<'_>,
) -> Result<Dispatched, DispatchError> {
    let ticket = held.ticket();
    let assignment = Assignment { lease: job.lease.name().clone(), ticket, set: job.set };
    if let Err(error) = job.runner.start(&assignment).await {
        // What was not started may be started all the same, by an order whose answer was lost; it
        // finds the lease gone, and does nothing.
        held.release(failed(job, error.to_string())).await?;
        return Err(error.into());
    }
    tell(&Watched::Started);
    match kept(job, &mut held, begun).await? {
        Gone::HandedOver(tenure, fence) => {
            tell(&Watched::HandedOver);
            watch(job, Ticket { owner: tenure.owner, fence }, begun).await
        }
        // A worker that was quick took over and gave up between two looks.
        _ => Ok(parting(job, job.lease.show().await?.as_ref())),
    }
}

/// Keeps the lease until the worker takes it over, or there is none; says how it ended.
async fn kept(job: Job<'_>, held: &mut Held, begun: Span) -> Result<Gone, LeaseError> {
    loop {
        job.clock.sleep(POLL).await;
        if let Renewal::Lost(loss) = held.renew().await {
            return Ok(match loss {
                Loss::Seen(gone) => gone,
                Loss::Silent | Loss::Leaving => Gone::Vanished,
            });
        }
        let reason = match job.runner.look(held.ticket()).await {
            Life::Ended { code, tail } => ended_early(code, &tail),
            Life::Running | Life::Unseen { .. } if left(job, begun) > Span::ZERO => continue,
            Life::Running => "the worker did not take over in time".into(),
            Life::Unseen { reason } => format!("the worker cannot be seen: {reason}"),
        };
        // It may have taken over since the last look; giving up asks the store.
        return held.release(failed(job, reason)).await;
    }
}

fn ended_early(code: Option<i32>, tail: &str) -> String {
    let code =
        code.map_or_else(|| "without an exit code".into(), |code| format!("with code {code}"));
    format!("the worker ended {code} before it took over: {}", tail.trim_end())
}

/// Watches a worker by the record of the lease, which also a job can read that sees neither the
/// worker nor the database.
async fn watch(job: Job<'_>, worker: Ticket, begun: Span) -> Result<Dispatched, DispatchError> {
    let mut unchanged = (None, job.clock.elapsed());
    loop {
        let found = job.lease.show().await?;
        let Some(record) = found.as_ref().filter(|record| record.ticket() == Some(worker)) else {
            return Ok(parting(job, found.as_ref()));
        };
        let now = job.clock.elapsed();
        if unchanged.0 != Some(record.revision) {
            unchanged = (Some(record.revision), now);
        }
        let term = record.tenure().map_or(Span::ZERO, |tenure| tenure.term.span());
        if now.as_millis() - unchanged.1.as_millis() > term.as_millis() {
            let reason = "the worker has not been heard of for its whole term".into();
            return Ok(Dispatched::Unknown { reason });
        }
        if left(job, begun) == Span::ZERO {
            let reason = "the worker is still at it; the next run attaches to it".into();
            return Ok(Dispatched::Unknown { reason });
        }
        job.clock.sleep(POLL).await;
    }
}

/// What the worker has left to say.
fn parting(job: Job<'_>, record: Option<&Record>) -> Dispatched {
    let card = match record.map(|record| &record.tenancy) {
        Some(Tenancy::Free(card)) => card.as_ref(),
        Some(Tenancy::Held(_)) | None => None,
    };
    match card.and_then(|card| card.doing.parse::<Word>().ok()) {
        Some(Word { set, says: Says::Applied }) if set == job.set => Dispatched::Applied,
        Some(Word { set, says: Says::Failed { reason } }) if set == job.set => {
            Dispatched::Failed { reason }
        }
        _ => Dispatched::Unknown { reason: "the worker ended without a word".into() },
    }
}

fn failed(job: Job<'_>, reason: String) -> String {
    Word { set: job.set, says: Says::Failed { reason } }.to_string()
}

fn left(job: Job<'_>, begun: Span) -> Span {
    let passed = job.clock.elapsed().as_millis().saturating_sub(begun.as_millis());
    Span::from_millis(job.limit.as_millis().saturating_sub(passed))
}
