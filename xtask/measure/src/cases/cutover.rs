//! What consecutive cutovers of this machine's target lose, and what they add to the latency.

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line};
use rehearsal::cutover::Figures;

use super::traffic::{count, latencies, line, lines};
use crate::rehearse::Built;
use xtask::here::Here;

const LEAST_RATE: f64 = 1_000.0;

/// Deploys again and again, by every strategy, under load of every kind.
#[derive(Debug)]
pub(crate) struct Cutover<'a> {
    /// Where it is built.
    pub here: &'a Here,
    /// How many cutovers.
    pub count: u32,
}

impl Bench for Cutover<'_> {
    fn name(&self) -> &'static str {
        "cutover"
    }

    fn about(&self) -> &'static str {
        "consecutive cutovers by rolling, canary and blue/green, under load of every kind"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let arguments = ["cutover".into(), "--count".into(), self.count.to_string()];
        let figures: Figures = Built::by(self.here)?.rehearse(&arguments)?;
        Ok(self.lines(&figures))
    }
}

impl Cutover<'_> {
    fn lines(&self, Figures { cutovers, seconds, sums }: &Figures) -> Vec<Line> {
        let name = self.name();
        let rate = count(sums.switching.requests as u64) / seconds;
        let head = [
            line(name, "cutovers", "cutovers", f64::from(*cutovers), Bar::None),
            line(name, "time for all of them", "s", *seconds, Bar::None),
            line(name, "ordinary requests", "requests/s", rate, Bar::OursAtLeast(LEAST_RATE)),
        ];
        head.into_iter().chain(lines(name, sums)).chain(latencies(name, sums)).collect()
    }
}
