//! Making a failing tape as short as it can be.

use crate::sim::{Bug, Choices, Deviation, Failure, trial};

/// Leaves out deviations, one by one and all that can be spared, while the same promise is broken.
pub fn shrink(failure: Failure, bug: Option<Bug>) -> Failure {
    let mut best = failure;
    let mut at = 0;
    while at < best.tape.deviations.len() {
        let mut fewer = best.tape.deviations.clone();
        fewer.remove(at);
        match still_fails(&best, &fewer, bug) {
            Some(smaller) if smaller.tape.deviations.len() < best.tape.deviations.len() => {
                best = smaller;
                at = 0;
            }
            _ => at += 1,
        }
    }
    best
}

fn still_fails(best: &Failure, deviations: &[Deviation], bug: Option<Bug>) -> Option<Failure> {
    let (ended, ..) = trial(best.tape.scenario, Choices::tape(deviations), bug, None);
    ended.err().filter(|found| found.violation.invariant == best.violation.invariant)
}
