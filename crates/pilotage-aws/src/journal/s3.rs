//! Journals in a bucket: a folder for each run, in it segments named by their offsets.
//!
//! A segment is an object of whole lines. While it is short, a line is added by replacing it under
//! the condition that it is still what it was (`If-Match`); once it is long, the line begins the
//! next one, under the condition that there is none (`If-None-Match`). Whether a segment is long is
//! told by its content alone, so two writers who know the same journal replace the same object, and
//! one of them is refused. A lost write that lands late is refused as well: what it was to replace
//! is gone by then, or it is the line that the next load shows.
//!
//! An object for each line would make a history of a hundred runs ten thousand reads; one for each
//! journal would send megabytes with each line.
//!
//! Needed is what the bucket's module says. No lifecycle rule may touch the folder, but that old
//! versions may go, where the bucket keeps versions.

mod tail;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pilotage_driver::journal::Head;
use pilotage_driver::role::{JournalStore, StoreError, nameable};
use pilotage_rollout::journal::RunId;
use tokio::sync::OnceCell;

use super::entry::Entry;
use super::{LARGEST, failure};
use crate::Session;
use crate::bucket::{Bucket, Objects, Put, Unfit};
use crate::failure::Failure;
use tail::Tail;

/// The journals of one target, in one folder of a bucket.
#[derive(Debug, Clone)]
pub struct S3Journals {
    objects: Objects,
    shared: Arc<Shared>,
}

/// What clones share.
#[derive(Debug, Default)]
struct Shared {
    /// Whether the store has shown that it honours conditions.
    tried: OnceCell<()>,
    /// The ends of the journals that were written to here, so that the next line takes one call.
    tails: Mutex<HashMap<RunId, (Head, Tail)>>,
}

impl S3Journals {
    /// The journals in this folder. Nothing is asked yet; before the first line is written, the
    /// bucket has to show with three small writes beside the journals that it honours conditions.
    pub fn new(session: &Session, bucket: Bucket) -> Self {
        Self { objects: Objects::new(session, bucket), shared: Arc::default() }
    }

    fn unavailable(&self, failure: Failure) -> StoreError {
        failure::unavailable(self.objects.place(), self.objects.explained(&failure), failure)
    }

    async fn trusted(&self) -> Result<(), StoreError> {
        self.shared.tried.get_or_try_init(|| self.objects.try_out()).await.map(drop).map_err(
            |why| match why {
                Unfit::Untried(failure) => self.unavailable(failure),
                Unfit::Careless(header) => self.careless(header),
            },
        )
    }

    fn careless(&self, header: &str) -> StoreError {
        let reason = format!(
            "it overwrites in spite of `{header}`, so it cannot keep journals; use S3 itself, or \
             another store"
        );
        StoreError::Unavailable { place: self.objects.place(), reason, source: None }
    }

    async fn add(&self, entry: &Entry<'_>) -> Result<(), StoreError> {
        self.trusted().await?;
        let tail = self.tail(entry).await?.with(entry.line);
        match self.objects.put(&tail.name(entry.run), tail.body.clone(), tail.tag.as_deref()).await
        {
            Put::Done(tag) => {
                self.remember(entry, Tail { tag: Some(tag), ..tail });
                Ok(())
            }
            Put::Refused => Err(entry.conflict("another process has added to it")),
            Put::Failed(failure) => Err(self.unavailable(failure)),
        }
    }

    /// Where the line goes: the end as it was left here, or else as it is found.
    async fn tail(&self, entry: &Entry<'_>) -> Result<Tail, StoreError> {
        if *entry.expected == Head::EMPTY {
            return Ok(Tail::default());
        }
        let known = self.tails().remove(entry.run);
        match known.filter(|(head, _)| head == entry.expected) {
            Some((_, tail)) => Ok(tail),
            None => self.find(entry).await,
        }
    }

    fn remember(&self, entry: &Entry<'_>, tail: Tail) {
        self.tails().insert(entry.run.clone(), (entry.after, tail));
    }

    fn tails(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, (Head, Tail)>> {
        self.shared.tails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let segments = self.segments(run).await?;
        let bytes = segments.iter().map(|segment| segment.bytes).sum();
        if bytes > LARGEST {
            return Err(failure::too_large(run, bytes));
        }
        let mut journal = Vec::new();
        for segment in segments {
            let found =
                self.objects.get(&segment.name).await.map_err(|why| self.unavailable(why))?;
            // One that went between the listing and now leaves a gap, which the reader finds.
            journal.extend(found.map(|(body, _)| body).unwrap_or_default());
        }
        Ok(journal)
    }
}

#[async_trait]
impl JournalStore for S3Journals {
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        nameable(run)?;
        self.read(run).await
    }

    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        self.add(&Entry::new(&self.objects.place(), run, expected, line)?).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        let folders = self.objects.folders().await.map_err(|why| self.unavailable(why))?;
        let mut runs: Vec<RunId> = folders.into_iter().map(RunId).collect();
        runs.retain(|run| nameable(run).is_ok());
        runs.sort_unstable();
        Ok(runs)
    }
}
