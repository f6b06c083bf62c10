//! Watching a worker by the record of the lease, which also a job can read that sees neither the
//! worker nor the database.

use pilotage_lease::{OwnerId, Record};
use pilotage_rollout::Span;

use super::{DispatchError, Dispatched, Job, Watched, Watcher, Worker, left, parting, unknown};
use crate::saga::runner::{Heard, Life};

/// Watches until the worker has given the lease back, or cannot be at it any more.
pub(super) async fn watch(
    job: Job<'_>,
    worker: Worker,
    begun: Span,
    tell: Watcher<'_>,
) -> Result<Dispatched, DispatchError> {
    let (mut pulse, mut heard) = (Pulse::new(job.clock.elapsed()), Heard::default());
    loop {
        // Asked before the record is read: whoever ended before that has left its word by then.
        let life = job.runner.look(worker.attempt).await;
        let found = job.lease.show().await?;
        heard = overhear(job, worker.attempt, heard, tell).await;
        let Some(record) = found.as_ref().filter(|it| it.ticket() == Some(worker.ticket)) else {
            let said = parting(job, found.as_ref());
            return Ok(said.unwrap_or_else(|| unknown("the worker ended without a word")));
        };
        if let Life::Ended { tail, .. } = life {
            return Ok(unknown(format!("the worker died: {}", tail.trim_end())));
        }
        if pulse.is_gone(record, job.clock.elapsed()) {
            return Ok(unknown("the worker has not been heard of for its whole term"));
        }
        if left(job, begun) == Span::ZERO {
            return Ok(unknown("the worker is still at it; the next run attaches to it"));
        }
        job.clock.sleep(job.runner.pace()).await;
    }
}

/// Passes on what the worker has said since.
pub(super) async fn overhear(
    job: Job<'_>,
    attempt: OwnerId,
    since: Heard,
    tell: Watcher<'_>,
) -> Heard {
    let words = job.runner.words(attempt, since).await;
    for line in words.lines {
        tell(&Watched::Said { line });
    }
    words.heard
}

/// When the record has last changed, by the clock of this process.
struct Pulse {
    revision: Option<u64>,
    changed: Span,
}

impl Pulse {
    const fn new(now: Span) -> Self {
        Self { revision: None, changed: now }
    }

    /// Whether nothing has changed for the whole term of the owner.
    fn is_gone(&mut self, record: &Record, now: Span) -> bool {
        if self.revision != Some(record.revision) {
            (self.revision, self.changed) = (Some(record.revision), now);
        }
        let term = record.tenure().map_or(Span::ZERO, |tenure| tenure.term.span());
        now.as_millis() - self.changed.as_millis() > term.as_millis()
    }
}
