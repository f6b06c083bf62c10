//! Signals that are meant for the child, passed on to it once.
//!
//! A terminal sends what is typed (`Ctrl-C`, `Ctrl-\`) to everybody in its foreground. A child that is
//! there too has it already, and would take a second one for impatience. What somebody sends to this
//! process alone, the child has not.

use std::io;
use std::process::ExitStatus;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::siginfo::Origin;
use tokio::process::Child;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What is passed on. Whatever stops and continues (`Ctrl-Z`, `fg`) does so to both by itself.
const PASSED: [i32; 6] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2];

/// Whom the signals of a terminal reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// This process and the child, which share a terminal.
    Shared,
    /// This process alone: the child has a group of its own.
    Apart,
}

/// The signals that are passed on.
#[derive(Debug)]
pub(super) struct Signals {
    come: UnboundedReceiver<Signal>,
    listening: Handle,
}

impl Signals {
    /// Listens from now on, so that none ends this process before the child has ended.
    pub(super) fn listen(group: Group) -> io::Result<Self> {
        let mut signals = SignalsInfo::<WithOrigin>::new(PASSED)?;
        let listening = signals.handle();
        let (tell, come) = unbounded_channel();
        let heard = move || {
            let passed = signals.forever().filter(|origin| is_for_child(origin, group));
            for signal in passed.filter_map(|origin| Signal::from_named_raw(origin.signal)) {
                if tell.send(signal).is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().name("signals".into()).spawn(heard)?;
        Ok(Self { come, listening })
    }

    /// Passes on what comes until the child has ended.
    pub(super) async fn until_ended(&mut self, child: &mut Child) -> io::Result<ExitStatus> {
        // Not reaped before this function returns, so that the number means nobody else.
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        loop {
            let signal = tokio::select! {
                status = child.wait() => return status,
                Some(signal) = self.come.recv() => signal,
            };
            if let Some(id) = id {
                // A child that has just ended has nobody left to hear it.
                let _ = kill_process(id, signal);
            }
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.listening.close();
    }
}

/// Signals of a terminal come from the kernel, all others from some process.
const fn is_for_child(origin: &Origin, group: Group) -> bool {
    match group {
        Group::Apart => true,
        Group::Shared => origin.process.is_some(),
    }
}
