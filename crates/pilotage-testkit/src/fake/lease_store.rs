//! A store of leases in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, Record, StoreFailure, Stored, Tag, Written};

use super::{Death, lock};

/// A store of leases in memory; every clone is another way to the same records. It fails the test
/// of whoever writes what no user of a lease may write.
#[derive(Debug, Clone, Default)]
pub struct FakeLeaseStore {
    death: Arc<Death>,
    state: Arc<Mutex<State>>,
}

/// What is to go wrong with the next call of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseFault {
    /// A write is lost, and nobody knows.
    Lost,
    /// A write is done, and the answer is lost.
    InVain,
    /// A write is not answered, and done before the next call.
    Late,
    /// A write is done, and tried once more before the next call.
    Twice,
    /// A look shows what was there before the last write.
    Stale,
    /// A look or a write cannot be made.
    Away,
}

#[derive(Debug, Default)]
struct State {
    records: BTreeMap<String, Vec<Record>>,
    faults: VecDeque<LeaseFault>,
    late: Vec<(String, Proposal)>,
    reads: u32,
    writes: u32,
}

impl FakeLeaseStore {
    /// A store whose users die as this says.
    pub fn new(death: Arc<Death>) -> Self {
        Self { death, state: Arc::default() }
    }

    /// Lets this go wrong, after what was said before has.
    pub fn fail_next(&self, fault: LeaseFault) {
        lock(&self.state).faults.push_back(fault);
    }

    /// How often it was looked, and how often written.
    pub fn calls(&self) -> (u32, u32) {
        let state = lock(&self.state);
        (state.reads, state.writes)
    }

    /// What is there.
    pub fn record(&self, name: &LeaseName) -> Option<Record> {
        lock(&self.state).records.get(name.as_str()).and_then(|versions| versions.last().cloned())
    }
}

impl State {
    fn fault(&mut self, fits: impl Fn(LeaseFault) -> bool) -> Option<LeaseFault> {
        let next = self.faults.front().is_some_and(|fault| fits(*fault));
        if next { self.faults.pop_front() } else { None }
    }

    fn answer(&mut self, name: &str, proposal: &Proposal) -> Result<Written, StoreFailure> {
        self.settle();
        self.writes += 1;
        let again = || (name.to_owned(), proposal.clone());
        let unknown = Written::Unknown { reason: "no answer".into() };
        match self.fault(|fault| fault != LeaseFault::Stale) {
            Some(LeaseFault::Away) => Err(away()),
            Some(LeaseFault::Lost) => Ok(unknown),
            Some(LeaseFault::Late) => {
                self.late.push(again());
                Ok(unknown)
            }
            Some(LeaseFault::InVain) => {
                self.swap(name, proposal);
                Ok(unknown)
            }
            Some(LeaseFault::Twice) => {
                self.late.push(again());
                Ok(self.swap(name, proposal))
            }
            Some(LeaseFault::Stale) | None => Ok(self.swap(name, proposal)),
        }
    }

    fn settle(&mut self) {
        for (name, proposal) in std::mem::take(&mut self.late) {
            self.swap(&name, &proposal);
        }
    }

    fn swap(&mut self, name: &str, proposal: &Proposal) -> Written {
        let versions = self.records.entry(name.to_owned()).or_default();
        if versions.last().map(tag) != proposal.expected {
            return Written::Refused;
        }
        let blank = Record::BLANK;
        let (old, new) = (versions.last().unwrap_or(&blank), &proposal.record);
        assert_eq!(new.revision, old.revision + 1, "revisions are counted one by one");
        assert!(new.fence >= old.fence, "fences never go backwards");
        let owner = |record: &Record| record.tenure().map(|tenure| tenure.owner);
        let comes = owner(new).is_some() && owner(new) != owner(old);
        assert!(!comes || new.fence > old.fence, "a new owner needs a new fence");
        versions.push(new.clone());
        Written::Applied(tag(new))
    }
}

fn tag(record: &Record) -> Tag {
    Tag(format!("v{}", record.revision))
}

fn away() -> StoreFailure {
    StoreFailure::because("out of reach")
}

#[async_trait]
impl LeaseStore for FakeLeaseStore {
    fn place(&self) -> String {
        "memory".into()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        self.death.point().await;
        let mut state = lock(&self.state);
        state.settle();
        state.reads += 1;
        let fault = state.fault(|fault| matches!(fault, LeaseFault::Stale | LeaseFault::Away));
        if fault == Some(LeaseFault::Away) {
            return Err(away());
        }
        let behind = usize::from(fault == Some(LeaseFault::Stale));
        let versions = state.records.get(name.as_str());
        let shown = versions.and_then(|versions| versions.iter().nth_back(behind));
        Ok(shown.map(|record| Stored { record: record.clone(), tag: tag(record) }))
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        self.death.point().await;
        let answer = lock(&self.state).answer(name.as_str(), proposal)?;
        self.death.point().await;
        Ok(answer)
    }
}
