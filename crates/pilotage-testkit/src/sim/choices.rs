//! The one source of everything that is left to chance.
//!
//! A run is a function of its scenario and its choices. Choices are remembered as deviations from
//! "nothing bad happens", each by label and occurrence, so that a tape stays valid when unrelated
//! code is changed: a deviation that is no longer reached simply does nothing.

use super::label::Label;
use super::tape::Deviation;

/// Where choices come from.
#[derive(Debug, Clone)]
enum Source {
    /// Deviations drawn at random, each label with a frequency of its own.
    Random { state: u64, odds: [u16; Label::ALL.len()] },
    /// Exactly these deviations.
    Tape(Vec<Deviation>),
}

/// A place that a run passed, in the order of passing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// What could have happened.
    pub label: Label,
    /// For the how-manieth time, counted from zero.
    pub occurrence: u32,
}

/// A source of choices that remembers what it chose.
#[derive(Debug, Clone)]
pub struct Choices {
    source: Source,
    counts: [u32; Label::ALL.len()],
    deviations: Vec<Deviation>,
    passed: Option<Vec<Passed>>,
    quiet: bool,
}

impl Choices {
    /// Random choices. Some kinds of fault are off in a run and others heavy, so that runs differ
    /// in kind and not only in order.
    pub fn random(seed: u64) -> Self {
        let mut state = seed;
        let odds = [(); Label::ALL.len()].map(|()| match next(&mut state) % 8 {
            0..=3 => 0,
            4 | 5 => 1_300,
            6 => 4_000,
            _ => 13_000,
        });
        Self::new(Source::Random { state, odds }, None)
    }

    /// Exactly these deviations.
    pub fn tape(deviations: &[Deviation]) -> Self {
        Self::new(Source::Tape(deviations.to_vec()), None)
    }

    /// Exactly these deviations, with every place that is passed written down.
    pub fn traced(deviations: &[Deviation]) -> Self {
        Self::new(Source::Tape(deviations.to_vec()), Some(Vec::new()))
    }

    fn new(source: Source, passed: Option<Vec<Passed>>) -> Self {
        let (counts, deviations) = ([0; Label::ALL.len()], Vec::new());
        Self { source, counts, deviations, passed, quiet: false }
    }

    /// Chooses one of the label's values.
    pub fn pick(&mut self, label: Label) -> u8 {
        if self.quiet {
            return 0;
        }
        let index = label as usize;
        let Some(count) = self.counts.get_mut(index) else { return 0 };
        let occurrence = *count;
        *count += 1;
        if let Some(passed) = &mut self.passed {
            passed.push(Passed { label, occurrence });
        }
        let value = self.source.value(label, occurrence);
        if value > 0 {
            self.deviations.push(Deviation { label, occurrence, value });
        }
        value
    }

    /// From now on nothing bad happens any more.
    pub const fn quieten(&mut self) {
        self.quiet = true;
    }

    /// Whether faults are over.
    pub const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// What was chosen so far.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// What was passed so far, if that is written down.
    pub fn passed(&self) -> &[Passed] {
        self.passed.as_deref().unwrap_or_default()
    }
}

impl Source {
    fn value(&mut self, label: Label, occurrence: u32) -> u8 {
        match self {
            Self::Random { state, odds } => {
                let odds = odds.get(label as usize).copied().unwrap_or(0);
                if odds == 0 {
                    return 0;
                }
                let drawn = next(state);
                let hit = u16::try_from(drawn & 0xffff).is_ok_and(|low| low < odds);
                let value = 1 + (drawn >> 32) % u64::from(label.variants() - 1);
                if hit { u8::try_from(value).unwrap_or(1) } else { 0 }
            }
            Self::Tape(deviations) => deviations
                .iter()
                .find(|wanted| wanted.label == label && wanted.occurrence == occurrence)
                .map_or(0, |wanted| wanted.value.min(label.variants() - 1)),
        }
    }
}

/// The next number of a `SplitMix64` sequence.
pub(super) const fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
