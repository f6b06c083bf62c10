//! A watcher that remembers.

use std::sync::{Arc, Mutex};

use pilotage_driver::drive::Warning;
use pilotage_driver::role::{News, Watcher};
use pilotage_rollout::Verdict;
use pilotage_rollout::journal::{Record, RunId};

use super::{FakeJournals, lock};

/// Remembers what it sees, and insists that a record is durable before it is shown.
#[derive(Debug)]
pub struct FakeWatcher {
    journals: Arc<FakeJournals>,
    run: RunId,
    seen: Mutex<Vec<Seen>>,
}

/// What a watcher saw.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A record of the journal of a run that goes on.
    Replayed(Record),
    /// A new record.
    Recorded(Record),
    /// A warning.
    Warned(Warning),
    /// The end.
    Ended(Verdict),
}

impl FakeWatcher {
    /// Watches this run, whose journal is among these.
    pub fn new(journals: Arc<FakeJournals>, run: RunId) -> Self {
        Self { journals, run, seen: Mutex::default() }
    }

    /// What was seen so far.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.seen).clone()
    }

    fn durable(&self, sequence: u64, record: &Record) {
        let last = self.journals.last(&self.run);
        assert_eq!(last, Some((sequence, record.clone())), "it is shown and not written");
    }
}

impl Watcher for FakeWatcher {
    fn see(&self, news: &News<'_>) {
        let seen = match news {
            News::Replayed { record, .. } => Seen::Replayed((*record).clone()),
            News::Recorded { sequence, record, state } => {
                self.durable(*sequence, record);
                assert!(state.now() <= record.at, "the run is ahead of its journal");
                Seen::Recorded((*record).clone())
            }
            News::Warned { warning } => Seen::Warned((*warning).clone()),
            News::Ended { verdict, .. } => Seen::Ended((*verdict).clone()),
        };
        lock(&self.seen).push(seen);
    }
}
