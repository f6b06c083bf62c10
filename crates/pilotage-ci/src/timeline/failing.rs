//! Units that did not become ready, in their own words.

use pilotage_rollout::Moment;
use pilotage_rollout::target::{Failing, Group};

use super::LONGEST_NAME;
use crate::text::{self, lines, one_line};

/// A unit that did not become ready, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingUnit {
    /// What it runs.
    pub release: String,
    /// Its name at the platform.
    pub unit: String,
    /// Its own words, or the platform's: perhaps several lines, the tail of a log.
    pub words: String,
    /// Whether waiting could not help.
    pub hopeless: bool,
    /// When it was seen first.
    pub first: Moment,
    /// When it was seen last.
    pub last: Moment,
    /// How often it was seen.
    pub times: u32,
}

/// The most units that are told apart; a broken release of a hundred units says one thing often.
const MOST: usize = 100;

/// The longest words of one unit, in bytes.
const LONGEST_WORDS: usize = 16_384;

/// Adds what the units of a group say; what was said before is counted.
pub(super) fn hear(known: &mut Vec<FailingUnit>, at: Moment, group: &Group) {
    for failing in &group.failing {
        let heard = FailingUnit::of(at, group, failing);
        if let Some(known) = known.iter_mut().find(|known| known.says_the_same(&heard)) {
            known.again(at);
        } else if known.len() < MOST {
            known.push(heard);
        }
    }
}

/// Whether all that the units of a group say was heard before.
pub(super) fn heard(known: &[FailingUnit], group: &Group) -> bool {
    group.failing.iter().all(|failing| {
        let heard = FailingUnit::of(Moment::default(), group, failing);
        known.iter().any(|known| known.says_the_same(&heard))
    })
}

/// The last that each unit said, in the order in which they said it first.
pub(super) fn last_words(known: &[FailingUnit]) -> Vec<&FailingUnit> {
    let mut last: Vec<&FailingUnit> = vec![];
    for unit in known {
        match last.iter_mut().find(|before| before.is_of(unit)) {
            Some(before) if before.last <= unit.last => *before = unit,
            Some(_) => {}
            None => last.push(unit),
        }
    }
    last
}

impl FailingUnit {
    fn is_of(&self, other: &Self) -> bool {
        (&self.release, &self.unit) == (&other.release, &other.unit)
    }

    fn of(at: Moment, group: &Group, failing: &Failing) -> Self {
        Self {
            release: group.release.id.to_string(),
            unit: one_line(&failing.unit, LONGEST_NAME),
            words: tail(&failing.reason),
            hopeless: failing.hopeless,
            first: at,
            last: at,
            times: 1,
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        self.is_of(other) && self.words == other.words
    }

    fn again(&mut self, at: Moment) {
        self.last = at;
        self.times = self.times.saturating_add(1);
    }
}

/// The end of what was said, where the reason usually is.
fn tail(words: &str) -> String {
    const CUT: &str = "…";
    let words = lines(words).join("\n");
    if words.len() <= LONGEST_WORDS {
        return words;
    }
    format!("{CUT}{}", text::tail(&words, LONGEST_WORDS - CUT.len()))
}
