//! Evidence: all that a panel has learned, as a plain value that its caller keeps.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::doubt::Cause;
use crate::finding::Finding;
use crate::mann_whitney::SeriesTally;
use crate::sequential::SequentialTally;
use crate::threshold::ThresholdTally;

/// What a panel has learned so far: begun by [`Panel::begin`](crate::Panel::begin), grown by
/// [`Panel::weigh`](crate::Panel::weigh).
///
/// A failure is remembered for good; a pass has to hold at every look anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub(crate) looks: u64,
    pub(crate) strands: Vec<Strand>,
}

impl Evidence {
    /// How many looks went into it.
    pub fn looks(&self) -> u64 {
        self.looks
    }

    /// The evidence with which the next step of a ramp begins.
    ///
    /// What speaks against the candidate is kept, so that the accepted risk of a false abort holds
    /// for the whole ramp however many steps it has. What spoke for it is forgotten: a pass is
    /// earned in each step from that step's readings alone.
    pub fn for_next_step(mut self) -> Self {
        self.strands.iter_mut().for_each(Strand::forget_what_spoke_for_the_candidate);
        self
    }
}

/// What one rule has learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Strand {
    pub(crate) failed: Option<Finding>,
    /// Why the latest reading could not be used, if so: old data never passes a candidate.
    pub(crate) blind: Option<Cause>,
    pub(crate) tally: Tally,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Tally {
    Sequential(SequentialTally),
    MannWhitney(SeriesTally),
    Threshold(ThresholdTally),
}

impl Strand {
    pub(crate) fn new(tally: Tally) -> Self {
        Self { failed: None, blind: Some(Cause::NotLooked), tally }
    }

    fn forget_what_spoke_for_the_candidate(&mut self) {
        self.blind = Some(Cause::NotLooked);
        match &mut self.tally {
            Tally::Sequential(tally) => tally.forget_what_spoke_for_the_candidate(),
            Tally::MannWhitney(tally) => *tally = SeriesTally::default(),
            Tally::Threshold(tally) => tally.forget_what_spoke_for_the_candidate(),
        }
    }
}
