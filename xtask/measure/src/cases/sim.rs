//! How many complete simulated deploys a core makes in a second, every invariant held.

use pilotage_testkit::sim::explore::swarm;
use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::stopwatch::Stopwatch;

use xtask::here::cores;

/// Below this the exhaustive exploration no longer fits into a coffee break.
const LEAST_RUNS: f64 = 10_000.0;
const RUNS: u64 = 200_000;

/// Makes random runs on all cores.
#[derive(Debug)]
pub(crate) struct Sim;

impl Bench for Sim {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn about(&self) -> &'static str {
        "complete simulated deploys, faults and invariants included"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let watch = Stopwatch::start();
        let report = swarm(0..RUNS, None);
        let rate = u32::try_from(report.rate(watch.elapsed(), cores())).unwrap_or(u32::MAX);
        let runs = Measure { unit: "runs/s and core", ours: rate.into() };
        let bar = Bar::OursAtLeast(LEAST_RUNS);
        Ok(vec![Line::new(self.name(), "deploys", runs, Peer::None, bar)])
    }
}
