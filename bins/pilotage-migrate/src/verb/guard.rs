//! Work under the eyes of whoever may tell this process to stop.

use std::future::Future;

use pilotage_clock::Clock;
use pilotage_migration::local::LocalProgram;
use pilotage_migration::saga::program::Program as _;
use pilotage_migration::saga::serve::ServeError;
use pilotage_rollout::Span;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;

/// How long the work may take to end once it was told to; whoever sends signals waits for five
/// seconds or more before there is no mercy.
const MERCY: Span = Span::from_millis(4_500);

/// What may tell a process to stop.
#[derive(Debug)]
pub(crate) struct Calls {
    interrupt: Signal,
    terminate: Signal,
}

impl Calls {
    /// Listens from now on; until then a signal ends the process as usual.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let deaf = |source| Failure::System { what: "listen for signals", source };
        let interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let terminate = signal(SignalKind::terminate()).map_err(deaf)?;
        Ok(Self { interrupt, terminate })
    }

    /// Ends at the next signal, with its name.
    pub(crate) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// Works to the end. The first signal stops the program, so that the failure is written down and
/// the lease given back; the second one, or too much time, leaves the rest to the next run.
pub(crate) async fn guarded(
    serving: impl Future<Output = Result<u32, ServeError>>,
    mut calls: Calls,
    program: &LocalProgram,
    clock: &dyn Clock,
) -> Result<(), Failure> {
    tokio::pin!(serving);
    tokio::select! {
        biased;
        served = &mut serving => return Ok(served.map(drop)?),
        _ = calls.next() => program.stop(),
    }
    let served = tokio::select! {
        biased;
        served = &mut serving => Some(served),
        _ = calls.next() => None,
        () = clock.sleep(MERCY) => None,
    };
    if matches!(served, Some(Ok(_))) {
        return Ok(());
    }
    program.kill();
    program.settled().await;
    Err(Failure::Stopped)
}
