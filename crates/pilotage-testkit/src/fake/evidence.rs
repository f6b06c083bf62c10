//! Evidence in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_record::store::{Entry, EvidenceError, EvidenceStore, LARGEST, Piece};

use super::lock;

/// Evidence in memory, whose answers go wrong when they are told to.
#[derive(Debug, Default)]
pub struct FakeEvidence {
    pieces: Mutex<BTreeMap<(Digest, Entry), Vec<u8>>>,
    faults: Mutex<VecDeque<(u32, EvidenceFault)>>,
}

/// What can go wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceFault {
    /// The store is out of reach; nothing is added.
    Away,
    /// The piece is added, and the answer is an error.
    AddedUnheard,
    /// What is read is damaged, and the store notices.
    Damaged,
}

impl FakeEvidence {
    /// Lets this happen to a call, after this many more have gone well.
    pub fn fault_after(&self, calls: u32, fault: EvidenceFault) {
        lock(&self.faults).push_back((calls, fault));
    }

    /// Takes a piece away, as somebody with too many rights could.
    pub fn remove(&self, subject: &Digest, entry: &Entry) {
        assert!(
            lock(&self.pieces).remove(&(*subject, *entry)).is_some(),
            "there is no such piece to take away"
        );
    }

    fn fault(&self) -> Option<EvidenceFault> {
        let mut faults = lock(&self.faults);
        let (calls, fault) = faults.front_mut()?;
        let fault = *fault;
        if let Some(fewer) = calls.checked_sub(1) {
            *calls = fewer;
            return None;
        }
        faults.pop_front();
        Some(fault)
    }
}

#[async_trait]
impl EvidenceStore for FakeEvidence {
    async fn add(&self, subject: &Digest, piece: &Piece) -> Result<(), EvidenceError> {
        assert!(piece.bytes.len() <= LARGEST, "no piece is that large");
        let fault = self.fault();
        if fault == Some(EvidenceFault::Away) {
            return Err(away("nothing was added"));
        }
        let key = (*subject, piece.entry());
        lock(&self.pieces).entry(key).or_insert_with(|| piece.bytes.clone());
        match fault {
            Some(_) => Err(away("the answer was lost")),
            None => Ok(()),
        }
    }

    async fn list(&self, subject: &Digest) -> Result<Vec<Entry>, EvidenceError> {
        if self.fault().is_some() {
            return Err(away("the list was not answered"));
        }
        let pieces = lock(&self.pieces);
        let of_subject = pieces.keys().filter(|(about, _)| about == subject);
        Ok(of_subject.map(|(_, entry)| *entry).collect())
    }

    async fn read(&self, subject: &Digest, entry: &Entry) -> Result<Piece, EvidenceError> {
        let place = || "memory".to_owned();
        match self.fault() {
            None => {}
            Some(EvidenceFault::Damaged) => {
                let found = Digest::of(b"damaged");
                return Err(EvidenceError::Damaged { place: place(), wanted: entry.digest, found });
            }
            Some(_) => return Err(away("the piece was not answered")),
        }
        let found = lock(&self.pieces).get(&(*subject, *entry)).cloned();
        let missing =
            || EvidenceError::NotFound { place: place(), subject: *subject, entry: *entry };
        found.map(|bytes| Piece { kind: entry.kind, bytes }).ok_or_else(missing)
    }
}

fn away(reason: &str) -> EvidenceError {
    EvidenceError::Unavailable { place: "memory".into(), reason: reason.into(), source: None }
}
