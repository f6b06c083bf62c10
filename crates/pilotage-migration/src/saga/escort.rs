//! What the worker does for a program that keeps its own history: it keeps the database for it.

use pilotage_clock::Clock;
use pilotage_lease::client::Held;
use pilotage_rollout::{Fence, Span};

use super::database::{Database, Lock, Session, Trouble};
use super::error::Failed;
use super::program::Program;
use super::told::{Listener, Told};

/// Which program, and what is kept for it meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Escort<'a> {
    /// The program. It is run each time: what it has applied already, it knows itself.
    pub program: &'a dyn Program,
    /// The database whose session lock is held meanwhile; none if it cannot be reached from here.
    pub database: Option<&'a dyn Database>,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// How long to wait for the session lock of another.
    pub waiting: Span,
}

/// How often to ask for a lock that another has.
const POLL: Span = Span::from_millis(500);

/// How often to make sure that the session lives and nobody with a later fence was here.
const CHECK: Span = Span::from_secs(5);

/// Runs the program to its end, for as long as the lease and the session are held.
///
/// When either is lost, the program is stopped with all that it has started, before this returns.
pub async fn escort(job: Escort<'_>, held: &mut Held, tell: Listener<'_>) -> Result<(), Failed> {
    let fence = held.fence();
    let ended = tokio::select! {
        biased;
        loss = held.lost() => Err(Failed::LeaseLost { loss: Box::new(loss) }),
        ended = under(job, fence, tell) => ended,
    };
    job.program.settled().await;
    if let (Err(Failed::LeaseLost { .. }), Some(database)) = (&ended, job.database) {
        // Whoever comes next has to wait for these sessions anyway: a failure here costs time only.
        let _ = database.cancel(fence).await;
    }
    ended
}

async fn under(job: Escort<'_>, fence: Fence, tell: Listener<'_>) -> Result<(), Failed> {
    let Some(database) = job.database else {
        return run(job, fence, tell).await;
    };
    let mut session = database.open(fence).await?;
    lock(job, &mut *session, tell).await?;
    session.claim().await?;
    let ended = tokio::select! {
        biased;
        trouble = lost(job, &mut *session) => {
            Err(Failed::LockLost { command: job.program.command(), trouble: Box::new(trouble) })
        }
        ended = run(job, fence, tell) => ended,
    };
    if matches!(ended, Err(Failed::LockLost { .. })) {
        return ended;
    }
    let closed = session.close().await;
    ended?;
    Ok(closed?)
}

async fn run(job: Escort<'_>, fence: Fence, tell: Listener<'_>) -> Result<(), Failed> {
    let command = job.program.command();
    tell(&Told::Started { command: command.clone() });
    match job.program.run(fence).await.failure() {
        None => Ok(()),
        Some(reason) => Err(Failed::Program { command, reason }),
    }
}

async fn lock(
    job: Escort<'_>,
    session: &mut dyn Session,
    tell: Listener<'_>,
) -> Result<(), Failed> {
    let begun = job.clock.elapsed();
    while let Lock::Others { who } = session.try_lock().await? {
        let waited = job.clock.elapsed().as_millis() - begun.as_millis();
        if waited >= job.waiting.as_millis() {
            return Err(Failed::Locked { who });
        }
        tell(&Told::Waiting { who });
        job.clock.sleep(POLL).await;
    }
    Ok(())
}

/// Ends when the session cannot be relied upon any more; an idle one is kept alive by it.
async fn lost(job: Escort<'_>, session: &mut dyn Session) -> Trouble {
    loop {
        job.clock.sleep(CHECK).await;
        if let Err(trouble) = session.claim().await {
            return trouble;
        }
    }
}
