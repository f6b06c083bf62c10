//! Waiting for the lease, or for the sight of a worker that is at this very set.

use pilotage_lease::client::{Acquisition, Held, LeaseError, Waiting};
use pilotage_lease::machine::{Busy, Claim};
use pilotage_rollout::Span;
use tokio::sync::Notify;

use super::{Job, Watched, Watcher, Worker};
use crate::saga::word::{Says, Word};

pub(super) enum Sought {
    Held(Box<Held>),
    Busy(Busy),
    UnderWay(Worker, String),
}

/// Waits for the lease, or until it is seen that a worker other than the silent one is at this very
/// set.
pub(super) async fn seek(
    job: Job<'_>,
    claim: Claim,
    silent: Option<Worker>,
    limit: Span,
    tell: Watcher<'_>,
) -> Result<Sought, LeaseError> {
    let (mut found, noticed) = (None, Notify::new());
    let mut told = String::new();
    let mut look = |busy: &Busy| match under_way(job, busy).filter(|worker| silent != Some(*worker))
    {
        Some(worker) => {
            found = Some((worker, busy.to_string()));
            noticed.notify_one();
        }
        // Whoever is waited for is named when they come, not at every look.
        None if told != busy.to_string() => {
            told = busy.to_string();
            tell(&Watched::Waiting { who: told.clone() });
        }
        None => {}
    };
    let waiting = Waiting::up_to(limit).with_hold(job.hold);
    let acquired = tokio::select! {
        biased;
        acquired = job.lease.acquire(claim, waiting, &mut look) => Some(acquired?),
        () = noticed.notified() => None,
    };
    Ok(match (acquired, found) {
        (Some(Acquisition::Held(held)), _) => Sought::Held(Box::new(held)),
        (Some(Acquisition::Busy(busy)), _) => Sought::Busy(busy),
        (None, Some((worker, who))) => Sought::UnderWay(worker, who),
        (None, None) => Sought::Busy(Busy::Exhausted),
    })
}

/// The worker that is at this very set.
fn under_way(job: Job<'_>, busy: &Busy) -> Option<Worker> {
    let Busy::Owned { tenure, .. } = busy else { return None };
    let word: Word = tenure.card.doing.parse().ok()?;
    let is_it = word.set == job.set && word.says == Says::Applying;
    // An owner that took over from nobody is a job that has not handed over yet: it may die
    // before it does, so that there is nothing to attach to.
    let attempt = tenure.from.filter(|_| is_it)?;
    Some(Worker { ticket: busy.ticket()?, attempt })
}
