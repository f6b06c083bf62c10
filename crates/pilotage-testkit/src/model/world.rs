//! A state of everything.

use pilotage_lease::{Proposal, Record, Stored, Tag};

use super::call::Answer;
use super::plant::Plant;
use super::post::Letter;
use super::process::{At, Process};
use super::register::Register;
use super::scenario::Scenario;

/// A state of everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// What the store holds.
    pub(super) record: Option<Record>,
    pub(super) register: Register,
    pub(super) processes: Vec<Process>,
    /// What is in the post; in order, because the order of arrival is anybody's guess.
    pub(super) post: Vec<Letter>,
    /// The changes that were acknowledged.
    pub(super) acknowledged: u16,
    /// Whether the record's fence ever went backwards or was given to two owners.
    pub(super) fence_broken: bool,
    /// The highest fence that was granted; nobody knows of this.
    granted: u64,
    pub(super) faults: u8,
    pub(super) deaths: u8,
}

impl World {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let process = Process { lives: scenario.lives, renewals: scenario.renewals, at: At::Shore };
        Self {
            record: None,
            register: Register::default(),
            processes: vec![process; scenario.processes],
            post: Vec::new(),
            acknowledged: 0,
            fence_broken: false,
            granted: 0,
            faults: scenario.faults,
            deaths: scenario.deaths,
        }
    }

    pub(super) fn stored(&self) -> Option<Stored> {
        let record = self.record.clone()?;
        let tag = tag(record.revision);
        Some(Stored { record, tag })
    }

    /// The store takes a write that has arrived.
    pub(super) fn swap(&mut self, proposal: &Proposal, plant: Option<Plant>) -> Answer {
        let there = self.record.as_ref().map(|record| tag(record.revision));
        if there != proposal.expected && plant != Some(Plant::BlindStore) {
            return Answer::Refused;
        }
        let new = &proposal.record;
        self.note_fence(new);
        let delete = plant == Some(Plant::DeletedRecord) && new.tenure().is_none();
        self.record = (!delete).then(|| new.clone());
        Answer::Applied(new.revision)
    }

    /// Whoever owns from now on must have a fence above all before.
    fn note_fence(&mut self, new: &Record) {
        let owner = |record: &Record| record.tenure().map(|tenure| tenure.owner);
        let Some(taker) = owner(new) else { return };
        if self.record.as_ref().and_then(owner) != Some(taker) {
            self.fence_broken |= new.fence.0 <= self.granted;
            self.granted = self.granted.max(new.fence.0);
        }
    }

    pub(super) fn send(&mut self, letter: Letter) {
        let place = self.post.binary_search(&letter).unwrap_or_else(|place| place);
        self.post.insert(place, letter);
    }

    pub(super) fn is_over(&self) -> bool {
        self.processes.iter().all(|process| process.at == At::Done)
    }
}

pub(super) fn tag(revision: u64) -> Tag {
    Tag(revision.to_string())
}
