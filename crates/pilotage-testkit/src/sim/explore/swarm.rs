//! Random runs, each different in kind.

use crate::sim::{Choices, Failure, Marks, Scenario, Stats, trial};

/// The run of this seed.
pub fn seeded(seed: u64) -> (Option<Failure>, Stats, Marks) {
    let scenario = Scenario::draw(seed);
    let (ended, stats, marks, _) = trial(&scenario, Choices::random(seed), None, None);
    (ended.err(), stats, marks)
}
