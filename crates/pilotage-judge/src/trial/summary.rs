//! One trial, and what many of them amount to.

use alloc::vec::Vec;

use crate::counts::as_float;
use crate::trial::contender::{Call, Contender, Watch};
use crate::trial::scenario::Scenario;

/// What a contender did in one trial. Looks are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The look at which it first aborted. Looking goes on after a pass, so that a pass hides none.
    pub stopped_at: Option<u32>,
    /// The look at which it first passed the candidate, if it did so before it aborted.
    pub passed_at: Option<u32>,
}

/// Runs one contender over the traffic that the seed gives the scenario.
pub fn trial(contender: &Contender, scenario: Scenario, seed: u64) -> Outcome {
    let mut watch = Watch::new(contender);
    let mut outcome = Outcome { stopped_at: None, passed_at: None };
    for (look, (stable, candidate)) in (1..).zip(scenario.intervals(seed)) {
        let (next, call) = watch.look(stable, candidate);
        watch = next;
        match call {
            Call::Abort => return Outcome { stopped_at: Some(look), ..outcome },
            Call::Pass => outcome.passed_at = outcome.passed_at.or(Some(look)),
            Call::Wait => {}
        }
    }
    outcome
}

/// What the trials of one contender amount to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// In how many of a hundred trials it aborted.
    pub aborted_percent: f64,
    /// In how many of a hundred trials it passed the candidate before any abort.
    pub passed_percent: f64,
    /// The median look of the abort; none if it aborted in fewer than half of the trials.
    pub median_abort_look: Option<u32>,
    /// The median look of the pass, likewise.
    pub median_pass_look: Option<u32>,
}

/// Runs one contender over the seeds `0..seeds`.
pub fn summarise(contender: &Contender, scenario: Scenario, seeds: u64) -> Summary {
    let outcomes: Vec<_> = (0..seeds).map(|seed| trial(contender, scenario, seed)).collect();
    let aborts: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.stopped_at).collect();
    let passes: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.passed_at).collect();
    let percent = |looks: &[u32]| 100.0 * as_float(looks.len() as u64) / as_float(seeds.max(1));
    Summary {
        aborted_percent: percent(&aborts),
        passed_percent: percent(&passes),
        median_abort_look: median(aborts, outcomes.len()),
        median_pass_look: median(passes, outcomes.len()),
    }
}

/// The median when those that never came count as later than all that did.
fn median(mut looks: Vec<u32>, of: usize) -> Option<u32> {
    looks.sort_unstable();
    looks.get(of.checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn the_median_counts_those_that_never_came() {
        assert_eq!(median(vec![9, 1, 5], 3), Some(5));
        assert_eq!(median(vec![9, 1, 5], 5), Some(9));
        assert_eq!(median(vec![9, 1, 5], 7), None);
        assert_eq!(median(vec![], 0), None);
    }
}
