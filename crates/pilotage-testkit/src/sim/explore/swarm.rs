//! Random runs, each different in kind, on as many threads as there are processors.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use super::{Report, shrink};
use crate::sim::{Bug, Choices, Scenario, trial};

/// Makes the runs of these seeds. The result is the same whatever the number of threads.
pub fn swarm(seeds: Range<u64>, bug: Option<Bug>) -> Report {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let mine = seeds.clone().skip(worker).step_by(threads);
                scope.spawn(move || walk(mine, bug))
            })
            .collect();
        let mut report = Report::default();
        for worker in workers {
            report.merge(worker.join().unwrap_or_default());
        }
        report
    })
}

fn walk(seeds: impl Iterator<Item = u64>, bug: Option<Bug>) -> Report {
    let mut report = Report::default();
    for seed in seeds {
        let scenario = Scenario::draw(seed);
        let (ended, stats, marks, choices) = trial(scenario, Choices::random(seed), bug, None);
        let failure = ended.err().map(|failure| shrink(failure, bug));
        report.add(failure, stats, &marks, choices.deviations());
    }
    report
}
