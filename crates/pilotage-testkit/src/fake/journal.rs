//! Journals in memory.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_driver::journal::{Head, decode};
use pilotage_driver::role::{JournalStore, StoreError};
use pilotage_rollout::journal::{Record, RunId};

use super::{Death, lock};

/// Journals in memory. What is shared by clones of the `Arc` is the disk; it survives the death
/// of a driver, torn lines included.
#[derive(Debug, Default)]
pub struct FakeJournals {
    journals: Mutex<BTreeMap<RunId, Vec<u8>>>,
    faults: Mutex<VecDeque<(u32, StoreFault)>>,
    death: Arc<Death>,
}

/// What can go wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreFault {
    /// There is no room; nothing is written.
    Full,
    /// The store is out of reach; nothing is written.
    Away,
    /// The line is written, and the answer is an error.
    WrittenUnheard,
    /// Half the line is written, and the answer is an error.
    Torn,
    /// No answer ever comes; nothing is written.
    Silent,
}

impl FakeJournals {
    /// Journals whose users die as this says.
    pub fn mortal(death: Arc<Death>) -> Self {
        Self { death, ..Self::default() }
    }

    /// Lets this happen to an append, after this many more have gone well.
    pub fn fault_after(&self, appends: u32, fault: StoreFault) {
        lock(&self.faults).push_back((appends, fault));
    }

    /// The bytes of a journal.
    pub fn bytes(&self, run: &RunId) -> Vec<u8> {
        lock(&self.journals).get(run).cloned().unwrap_or_default()
    }

    /// Puts these bytes in the place of a journal, as a person with an editor could.
    pub fn put(&self, run: &RunId, bytes: Vec<u8>) {
        lock(&self.journals).insert(run.clone(), bytes);
    }

    /// The records of a journal; none if it cannot be read.
    pub fn records(&self, run: &RunId) -> Vec<Record> {
        decode(&self.bytes(run)).map(|decoded| decoded.records).unwrap_or_default()
    }

    /// The last whole record of a journal and its number, without a look at all the others.
    pub fn last(&self, run: &RunId) -> Option<(u64, Record)> {
        #[derive(serde::Deserialize)]
        struct Line {
            seq: u64,
            record: Record,
        }
        let journals = lock(&self.journals);
        let mut lines = journals.get(run)?.rsplit(|byte| *byte == b'\n');
        let Line { seq, record } = serde_json::from_slice(lines.nth(1)?).ok()?;
        Some((seq, record))
    }

    fn fault(&self) -> Option<StoreFault> {
        let mut faults = lock(&self.faults);
        match faults.front_mut() {
            Some((0, fault)) => {
                let fault = *fault;
                faults.pop_front();
                Some(fault)
            }
            Some((appends, _)) => {
                *appends -= 1;
                None
            }
            None => None,
        }
    }

    /// Cuts off an unfinished line if the journal ends at the head, and refuses otherwise.
    fn compare(&self, run: &RunId, expected: &Head) -> Result<(), StoreError> {
        let mut journals = lock(&self.journals);
        let journal = journals.entry(run.clone()).or_default();
        let whole = journal.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let last = whole.saturating_sub(usize::try_from(expected.last_bytes()).unwrap_or(0));
        let ends = journal.get(last..whole).is_some_and(|line| expected.is_line(line));
        if whole as u64 != expected.bytes() || !ends {
            let found = format!("it has {whole} bytes of whole lines");
            let expected = Box::new(*expected);
            return Err(StoreError::Conflict { run: run.clone(), expected, found });
        }
        journal.truncate(whole);
        Ok(())
    }

    fn extend(&self, run: &RunId, bytes: &[u8]) {
        lock(&self.journals).entry(run.clone()).or_default().extend_from_slice(bytes);
    }
}

#[async_trait]
impl JournalStore for FakeJournals {
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        self.death.point().await;
        let found = lock(&self.journals).get(run).cloned();
        found.ok_or_else(|| StoreError::NotFound { run: run.clone(), place: "memory".into() })
    }

    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        assert!(line.ends_with(b"\n"), "a line ends in a line feed");
        assert_eq!(line.split(|byte| *byte == b'\n').count(), 2, "a line holds one line feed");
        if run.0.is_empty() || run.0.contains(['/', '\\']) || run.0.starts_with('.') {
            return Err(StoreError::Unnameable { run: run.clone() });
        }
        self.death.point().await;
        self.compare(run, expected)?;
        let (half, rest) = line.split_at(line.len() / 2);
        match self.fault() {
            None => {}
            Some(StoreFault::Full) => return Err(full(run)),
            Some(StoreFault::Away) => return Err(away("nothing was written")),
            Some(StoreFault::WrittenUnheard) => {
                self.extend(run, line);
                return Err(away("the answer was lost"));
            }
            Some(StoreFault::Torn) => {
                self.extend(run, half);
                return Err(away("the connection broke"));
            }
            Some(StoreFault::Silent) => return core::future::pending().await,
        }
        self.extend(run, half);
        self.death.point().await;
        self.extend(run, rest);
        self.death.point().await;
        Ok(())
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        Ok(lock(&self.journals).keys().cloned().collect())
    }
}

fn full(run: &RunId) -> StoreError {
    let source = io::Error::from(io::ErrorKind::StorageFull);
    StoreError::Full { run: run.clone(), place: "memory".into(), source }
}

fn away(reason: &str) -> StoreError {
    StoreError::Unavailable { place: "memory".into(), reason: reason.into(), source: None }
}
