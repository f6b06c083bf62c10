//! How long the tidy check keeps a person waiting before each commit.

use std::path::Path;

use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};
use pilotage_xtask::stopwatch::Stopwatch;

use xtask::tidy::Repository;

/// A check before each commit is only run if it is not felt.
const MOST_MILLISECONDS: f64 = 2000.0;

const ROUNDS: usize = 5;

/// Reads this repository and applies every rule.
#[derive(Debug)]
pub(crate) struct Tidy<'a> {
    /// The root of the repository.
    pub root: &'a Path,
}

impl Bench for Tidy<'_> {
    fn name(&self) -> &'static str {
        "tidy"
    }

    fn about(&self) -> &'static str {
        "all rules over this repository, cargo metadata included, the slowest of five rounds"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        let mut slowest = 0.0_f64;
        for _ in 0..ROUNDS {
            slowest = slowest.max(self.round()?);
        }
        let measure = Measure { unit: "ms", ours: slowest };
        let bar = Bar::OursAtMost(MOST_MILLISECONDS);
        Ok(vec![Line::new(self.name(), "whole repository", measure, Peer::None, bar)])
    }
}

impl Tidy<'_> {
    fn round(&self) -> Result<f64, Error> {
        let stopwatch = Stopwatch::start();
        Repository::load(self.root)?.findings()?;
        Ok(stopwatch.elapsed().as_secs_f64() * 1000.0)
    }
}
