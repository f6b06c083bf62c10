//! How many runs it takes to catch a planted bug.

use super::shrink;
use crate::sim::{Bug, Choices, Failure, Scenario, trial};

/// Random runs after which a bug counts as not caught.
const PATIENCE: u64 = 200_000;

/// The hunt for one planted bug.
#[derive(Debug, Clone)]
pub struct Hunt {
    /// The bug.
    pub bug: Bug,
    /// How many runs were made.
    pub runs: u64,
    /// The promise that it breaks, with the shortest tape, if it was caught.
    pub caught: Option<Failure>,
}

/// Hunts a bug: first where nothing else goes wrong, then where anything may.
pub fn hunt(bug: Bug) -> Hunt {
    let quiet = Scenario::matrix().into_iter().map(|scenario| (scenario, Choices::tape(&[])));
    let wild = (0..PATIENCE).map(|seed| (Scenario::draw(seed), Choices::random(seed)));
    let mut runs = 0;
    for (scenario, choices) in quiet.chain(wild) {
        runs += 1;
        if let (Err(failure), ..) = trial(scenario, choices, Some(bug), None) {
            return Hunt { bug, runs, caught: Some(shrink(failure, Some(bug))) };
        }
    }
    Hunt { bug, runs, caught: None }
}
