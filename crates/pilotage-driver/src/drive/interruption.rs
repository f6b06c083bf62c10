//! Being told to stop.

use pilotage_rollout::Event;
use tokio::sync::mpsc;

/// What a process can be told while it drives a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interruption {
    /// Stop, and leave the run in a safe state to be resumed: a signal of the CI system.
    Interrupt,
    /// Give the run up and go back to the old release.
    Abort {
        /// Who says so.
        by: String,
    },
}

impl From<Interruption> for Event {
    fn from(interruption: Interruption) -> Self {
        match interruption {
            Interruption::Interrupt => Self::Interrupted,
            Interruption::Abort { by } => Self::Aborted { by },
        }
    }
}

/// More than this many at once say nothing new.
const MOST: usize = 8;

/// A way to interrupt a run, and the run's end of it.
pub fn interruptions() -> (Interrupter, Interruptions) {
    let (sender, receiver) = mpsc::channel(MOST);
    (Interrupter { sender }, Interruptions { receiver, kept: None })
}

/// The end that interrupts; may be held by a signal handler.
#[derive(Debug, Clone)]
pub struct Interrupter {
    sender: mpsc::Sender<Interruption>,
}

impl Interrupter {
    /// Interrupts the run, unless it is over or was interrupted many times already.
    pub fn interrupt(&self, interruption: Interruption) {
        // Too many are as good as enough, and a run that is over cannot be interrupted.
        let _unneeded = self.sender.try_send(interruption);
    }
}

/// The end that is interrupted.
#[derive(Debug)]
pub struct Interruptions {
    receiver: mpsc::Receiver<Interruption>,
    kept: Option<Interruption>,
}

impl Interruptions {
    /// Nobody interrupts.
    pub fn none() -> Self {
        interruptions().1
    }

    /// The next one; never, if nobody can interrupt any more.
    pub(super) async fn next(&mut self) -> Interruption {
        if let Some(kept) = self.kept.take() {
            return kept;
        }
        match self.receiver.recv().await {
            Some(interruption) => interruption,
            None => core::future::pending().await,
        }
    }

    /// The next one, if there is one already.
    pub(super) fn take(&mut self) -> Option<Interruption> {
        self.kept.take().or_else(|| self.receiver.try_recv().ok())
    }

    /// Keeps one for later that was taken too early.
    pub(super) fn keep(&mut self, interruption: Interruption) {
        self.kept = Some(interruption);
    }
}
