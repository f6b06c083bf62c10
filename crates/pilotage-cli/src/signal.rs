//! Being told to stop, and noticing that nobody is left to work for.

use std::io;

use pilotage_driver::drive::{Interrupter, Interruption};
use pilotage_driver::role::Clock;
use pilotage_rollout::Span;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::Out;
use crate::lineage::Lineage;

/// How often it is looked whether the ancestors are still there.
const GLANCE: Span = Span::from_secs(1);

/// What may call a process to stop.
///
/// The ancestors are polled on purpose. The kernel can send a signal at a parent's death, but means
/// the death of the *thread* that started the process, and runners start steps from threads that
/// come and go.
#[derive(Debug)]
pub struct Calls {
    interrupt: Signal,
    terminate: Signal,
    lineage: Lineage,
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
            lineage: Lineage::now(),
        })
    }

    async fn next(&mut self, clock: &dyn Clock, orphaned: bool) -> Call {
        let Self { interrupt, terminate, lineage } = self;
        tokio::select! {
            Some(()) = interrupt.recv() => Call::Signal("SIGINT"),
            Some(()) = terminate.recv() => Call::Signal("SIGTERM"),
            () = bereft(lineage, clock), if !orphaned => Call::Orphaned,
        }
    }
}

/// Ends when the process has other ancestors than it had.
async fn bereft(lineage: &Lineage, clock: &dyn Clock) {
    while Lineage::now() == *lineage {
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

#[cfg(test)]
mod tests {
    use pilotage_driver::drive::interruptions;
    use pilotage_rollout::Moment;
    use pilotage_testkit::fake::FakeClock;

    use super::*;

    #[derive(Clone, Default)]
    struct Said(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl io::Write for Said {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn said_in(minute: Span, mut calls: Calls) -> String {
        let (clock, said) = (FakeClock::new(Moment::default()), Said::default());
        let err = Out::new(said.clone(), false);
        let (interrupter, _stop) = interruptions();
        tokio::select! {
            () = heed(&mut calls, &interrupter, &clock, &err) => panic!("nobody sent a signal"),
            () = clock.sleep(minute) => {}
        }
        String::from_utf8(said.0.lock().unwrap().clone()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_whose_parent_is_gone_is_told_once() {
        let minute = Span::from_mins(1);
        let calls = Calls::listen().unwrap();
        assert_eq!(said_in(minute, calls).await, "");
        // Every process has an ancestor, so this one has other ancestors than it had.
        let calls = Calls { lineage: Lineage::default(), ..Calls::listen().unwrap() };
        let said = said_in(minute, calls).await;
        assert_eq!(said, "the process that started this one is gone: holding the run\n");
    }
}
