//! Being told to stop, and noticing that nobody is left to work for.

use std::io;

use pilotage_driver::drive::{Interrupter, Interruption};
use pilotage_driver::role::Clock;
use pilotage_rollout::Span;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::Out;

/// How often it is looked whether the parent is still there.
const GLANCE: Span = Span::from_secs(1);

/// What may call a process to stop.
///
/// The parent is polled on purpose. The kernel can send a signal at a parent's death, but means
/// the death of the *thread* that started the process, and runners start steps from threads that
/// come and go.
#[derive(Debug)]
pub struct Calls {
    interrupt: Signal,
    terminate: Signal,
    parent: Option<rustix::process::Pid>,
}

enum Call {
    Signal(&'static str),
    Orphaned,
}

impl Calls {
    /// Listens from now on; until then a signal ends the process as usual. Needs a runtime with
    /// its I/O enabled.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            parent: rustix::process::getppid(),
        })
    }

    async fn next(&mut self, clock: &dyn Clock, orphaned: bool) -> Call {
        let Self { interrupt, terminate, parent } = self;
        tokio::select! {
            Some(()) = interrupt.recv() => Call::Signal("SIGINT"),
            Some(()) = terminate.recv() => Call::Signal("SIGTERM"),
            () = bereft(*parent, clock), if !orphaned => Call::Orphaned,
        }
    }
}

/// Ends when the process has another parent than it had.
async fn bereft(parent: Option<rustix::process::Pid>, clock: &dyn Clock) {
    while rustix::process::getppid() == parent {
        clock.sleep(GLANCE).await;
    }
}

/// Passes the first call on to the run, so that it is made safe and written down; returns at the
/// second signal, which means "at once". Whoever then drops the run leaves it as if the process
/// had died: it can be resumed.
pub async fn heed(calls: &mut Calls, interrupter: &Interrupter, clock: &dyn Clock, err: &Out) {
    let (mut signals, mut orphaned) = (0, false);
    while signals < 2 {
        match calls.next(clock, orphaned).await {
            Call::Signal(name) => {
                signals += 1;
                err.mention(&format!("{name}: {}", meaning(signals)));
            }
            Call::Orphaned => {
                orphaned = true;
                err.mention("the process that started this one is gone: holding the run");
            }
        }
        interrupter.interrupt(Interruption::Interrupt);
    }
}

const fn meaning(signals: u32) -> &'static str {
    match signals {
        1 => "making the run safe; once more ends at once",
        _ => "leaving the run as it is",
    }
}
