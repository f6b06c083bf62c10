//! Having a worker started, and keeping the lease until it has taken over.

use pilotage_lease::client::{Held, LeaseError, Loss, Renewal};
use pilotage_lease::machine::Gone;
use pilotage_lease::{OwnerId, Ticket};
use pilotage_rollout::{ExitCode, Span};

use super::watch::{overhear, watch};
use super::{DispatchError, Dispatched, Job, Watched, Watcher, Worker, left, parting, unknown};
use crate::saga::runner::{Assignment, Heard, Life};
use crate::saga::word::{Says, Word};

pub(super) async fn start(
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
    let attempt = ticket.owner;
    if let Gone::HandedOver(tenure, fence) = kept(job, &mut held, begun).await? {
        tell(&Watched::HandedOver);
        let ticket = Ticket { owner: tenure.owner, fence };
        return watch(job, Worker { ticket, attempt }, begun, tell).await;
    }
    // A worker that was quick took over and gave up between two looks.
    overhear(job, attempt, Heard::default(), tell).await;
    let said = parting(job, job.lease.show().await?.as_ref());
    Ok(said.unwrap_or_else(|| unknown("the worker ended without a word")))
}

/// Keeps the lease until the worker takes it over, or there is none; says how it ended.
async fn kept(job: Job<'_>, held: &mut Held, begun: Span) -> Result<Gone, LeaseError> {
    let attempt: OwnerId = held.ticket().owner;
    loop {
        tokio::select! {
            biased;
            loss = held.lost() => return Ok(gone(loss)),
            () = job.clock.sleep(job.runner.pace()) => {}
        }
        let there = job.lease.show().await?.and_then(|record| record.ticket());
        if there != Some(held.ticket())
            && let Renewal::Lost(loss) = held.renew().await
        {
            return Ok(gone(loss));
        }
        let reason = match job.runner.look(attempt).await {
            Life::Ended { code, tail } => ended_early(code, &tail),
            Life::Running | Life::Unseen { .. } if left(job, begun) > Span::ZERO => continue,
            Life::Running => "the worker did not take over in time".into(),
            Life::Unseen { reason } => format!("the worker cannot be seen: {reason}"),
        };
        // It may have taken over since the last look; giving up asks the store.
        return held.release(failed(job, reason)).await;
    }
}

fn gone(loss: Loss) -> Gone {
    match loss {
        Loss::Seen(gone) => gone,
        Loss::Silent | Loss::Leaving => Gone::Vanished,
    }
}

fn ended_early(code: Option<i32>, tail: &str) -> String {
    let code =
        code.map_or_else(|| "without an exit code".into(), |code| format!("with code {code}"));
    format!("the worker ended {code} before it took over: {}", tail.trim_end())
}

fn failed(job: Job<'_>, reason: String) -> String {
    let says = Says::Failed { code: ExitCode::Reverted, reason };
    Word { set: job.set, says }.to_string()
}
