//! Telling people beside the run, without ever holding it up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use tokio::sync::mpsc;

use super::Warning;
use super::time::within;
use crate::role::{Clock, Note, Notice, Notifier};

/// How many notes can wait; a run has a handful.
const QUEUE: usize = 16;

/// What became of the notes.
#[derive(Debug, Default)]
pub(super) struct Tally {
    given: AtomicU32,
    delivered: AtomicU32,
    failed: AtomicU32,
}

/// The run's end of the queue: takes notes and never waits.
#[derive(Debug)]
pub(super) struct Herald {
    run: RunId,
    target: String,
    queue: mpsc::Sender<Note>,
    tally: Arc<Tally>,
}

/// The notifier's end of the queue.
#[derive(Debug)]
pub(super) struct Post {
    queue: mpsc::Receiver<Note>,
    tally: Arc<Tally>,
}

/// A queue of notes about this run, and what becomes of them.
pub(super) fn queue(run: RunId, target: String) -> (Herald, Post, Arc<Tally>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let tally = Arc::new(Tally::default());
    let herald = Herald { run, target, queue: sender, tally: tally.clone() };
    (herald, Post { queue: receiver, tally: tally.clone() }, tally)
}

impl Herald {
    pub(super) fn tell(&self, notice: Notice) {
        self.tally.given.fetch_add(1, Ordering::Relaxed);
        let note = Note { run: self.run.clone(), target: self.target.clone(), notice };
        // What finds no room is missing in the tally's sum, and so it is counted.
        let _counted = self.queue.try_send(note);
    }
}

impl Post {
    /// Delivers one note after the other until the run has no more.
    pub(super) async fn deliver(mut self, to: &dyn Notifier, clock: &dyn Clock, limit: Span) {
        while let Some(note) = self.queue.recv().await {
            let delivered = within(clock, limit, to.notify(&note)).await;
            let count = match delivered {
                Some(Ok(())) => &self.tally.delivered,
                Some(Err(_)) | None => &self.tally.failed,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Tally {
    /// What people do not know, if anything.
    pub(super) fn warning(&self) -> Option<Warning> {
        let [given, delivered, failed] =
            [&self.given, &self.delivered, &self.failed].map(|count| count.load(Ordering::Relaxed));
        let dropped = given.saturating_sub(delivered).saturating_sub(failed);
        (dropped + failed > 0).then_some(Warning::NotesLost { dropped, failed })
    }
}
