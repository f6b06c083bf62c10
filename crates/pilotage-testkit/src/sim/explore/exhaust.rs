//! Everything that can go wrong once, every pair of deaths, and every death with every fault.
//!
//! A schedule is a list of deviations in the order in which a run passes them. Starting from the
//! run in which nothing goes wrong, each place that is passed is bent in each possible way; each
//! of those runs is bent once more behind its first deviation, if one of the two is a death.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Report, shrink};
use crate::sim::label::Label;
use crate::sim::{Behaviour, Bug, Choices, Deviation, Passed, Scenario, Schema, Start, trial};

/// Explores the whole matrix of scenarios.
pub fn exhaust(bug: Option<Bug>) -> Report {
    let matrix = Scenario::matrix();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| drain(&matrix, &next, bug))).collect();
        let mut report = Report::default();
        for worker in workers {
            report.merge(worker.join().unwrap_or_default());
        }
        report
    })
}

fn drain(matrix: &[Scenario], next: &AtomicUsize, bug: Option<Bug>) -> Report {
    let mut report = Report::default();
    while let Some(scenario) = matrix.get(next.fetch_add(1, Ordering::Relaxed)) {
        report.merge(exhaust_one(*scenario, depth(*scenario), bug));
    }
    report
}

/// Explores one scenario with up to so many deviations, at most two.
pub fn exhaust_one(scenario: Scenario, depth: usize, bug: Option<Bug>) -> Report {
    let mut report = Report::default();
    let mut walk = Walk { scenario, bug, report: &mut report };
    walk.from(&[], depth);
    report
}

/// Pairs are explored where a good and a bad release goes out; the other beginnings once, for they
/// differ from those in a single respect.
fn depth(scenario: Scenario) -> usize {
    let Scenario { start, new, schema, .. } = scenario;
    let usual = start == Start::Normal && schema == Schema::None && new != Behaviour::Wrong;
    if usual { 2 } else { 1 }
}

struct Walk<'a> {
    scenario: Scenario,
    bug: Option<Bug>,
    report: &'a mut Report,
}

impl Walk<'_> {
    /// Makes the run of this schedule and, while there is depth left, all that go beyond it.
    fn from(&mut self, schedule: &[Deviation], depth: usize) {
        let choices = if depth > 0 { Choices::traced(schedule) } else { Choices::tape(schedule) };
        let (ended, stats, marks, choices) = trial(self.scenario, choices, self.bug, None);
        let failure = ended.err().map(|failure| shrink(failure, self.bug));
        self.report.add(failure, stats, &marks, choices.deviations());
        let died = schedule.iter().any(|deviation| is_death(deviation.label));
        for passed in beyond(choices.passed(), schedule.last()) {
            if schedule.is_empty() || died || is_death(passed.label) {
                self.bend(schedule, *passed, depth);
            }
        }
    }

    fn bend(&mut self, schedule: &[Deviation], Passed { label, occurrence }: Passed, depth: usize) {
        for value in 1..label.variants() {
            let mut longer = schedule.to_vec();
            longer.push(Deviation { label, occurrence, value });
            self.from(&longer, depth - 1);
        }
    }
}

/// The places that were passed after the last deviation, so that no schedule is made twice.
fn beyond<'a>(passed: &'a [Passed], last: Option<&Deviation>) -> &'a [Passed] {
    let Some(last) = last else { return passed };
    let is_last = |at: &Passed| at.label == last.label && at.occurrence == last.occurrence;
    let index = passed.iter().position(is_last).map_or(passed.len(), |index| index + 1);
    passed.get(index..).unwrap_or_default()
}

const fn is_death(label: Label) -> bool {
    matches!(label, Label::CrashIdle | Label::CrashActing)
}
