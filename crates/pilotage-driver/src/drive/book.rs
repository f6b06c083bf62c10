//! The journal of one run, as its driver writes it.

use std::sync::Arc;

use pilotage_rollout::Span;
use pilotage_rollout::journal::{Record, RunId};

use super::error::WriteFailure;
use super::time::within;
use crate::journal::{Head, encode};
use crate::role::{Clock, JournalStore};

/// The journal of one run, and where it ends as far as this driver knows.
#[derive(Debug)]
pub(super) struct Book {
    store: Arc<dyn JournalStore>,
    clock: Arc<dyn Clock>,
    patience: Span,
    run: RunId,
    head: Head,
    written: u64,
}

impl Book {
    pub(super) fn new(
        store: Arc<dyn JournalStore>,
        clock: Arc<dyn Clock>,
        patience: Span,
        run: RunId,
        head: Head,
    ) -> Self {
        Self { store, clock, patience, run, head, written: 0 }
    }

    /// Writes a record down, durably; gives its number.
    pub(super) async fn append(&mut self, record: &Record) -> Result<u64, WriteFailure> {
        let line = encode(&self.head, record)?;
        let append = self.store.append(&self.run, &self.head, &line.bytes);
        within(&*self.clock, self.patience, append)
            .await
            .ok_or(WriteFailure::Silent { limit: self.patience })??;
        let sequence = self.head.records();
        self.head = line.head;
        self.written += 1;
        Ok(sequence)
    }

    pub(super) const fn run(&self) -> &RunId {
        &self.run
    }

    /// How many records were written by this driver.
    pub(super) const fn written(&self) -> u64 {
        self.written
    }
}
