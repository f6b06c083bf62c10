//! A run as its journal leaves it.

use pilotage_rollout::journal::{Record, Replayed, RunId, replay};
use pilotage_rollout::{Moment, Verdict};

use super::error::{DriverError, WriteFailure};
use super::time::within;
use super::{Crew, Patience};
use crate::journal::{Head, decode};

/// A run as its journal leaves it.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) records: Vec<Record>,
    pub(super) head: Head,
    pub(super) torn: usize,
    pub(super) replayed: Replayed,
}

impl Loaded {
    /// Loads, reads and replays a journal.
    pub(super) async fn load(
        crew: &Crew,
        patience: &Patience,
        run: &RunId,
    ) -> Result<Self, DriverError> {
        let limit = patience.journal;
        let loaded = within(&*crew.clock, limit, crew.journal.load(run)).await;
        let bytes = loaded
            .ok_or(WriteFailure::Silent { limit })
            .and_then(|loaded| loaded.map_err(WriteFailure::from))
            .map_err(|source| DriverError::Load { run: run.clone(), source })?;
        Self::read(run, &bytes)
    }

    fn read(run: &RunId, bytes: &[u8]) -> Result<Self, DriverError> {
        let decoded =
            decode(bytes).map_err(|source| DriverError::Journal { run: run.clone(), source })?;
        let replayed = replay(&decoded.records)
            .map_err(|source| DriverError::Replay { run: run.clone(), source: Box::new(source) })?;
        let (records, head, torn) = (decoded.records, decoded.head, decoded.torn);
        Ok(Self { records, head, torn, replayed })
    }

    /// How the run ended, if nothing can be resumed.
    pub(super) fn is_over(&self) -> Option<Verdict> {
        self.replayed.run.verdict().filter(|_| self.replayed.run.is_over())
    }

    /// The time of the last record.
    pub(super) fn last(&self) -> Moment {
        self.records.last().map_or_else(Moment::default, |record| record.at)
    }
}
