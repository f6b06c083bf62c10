//! How often the judges are wrong, and how fast they are right, on the same seeded traffic.
//!
//! The figures are those of the judge's own promise: at a risk of 1 % and sixty looks, at most one
//! false abort in a hundred, and three times the errors found within a quarter of an hour at fifty
//! requests a minute.

use pilotage_judge::trial::{Row, compare};
use pilotage_xtask::Error;
use pilotage_xtask::bench::{Bar, Bench, Line, Measure, Peer};

/// Simulated canaries for each case.
const TRIALS: u64 = 2_000;
/// The risk of a false abort that the panel accepts, in percent.
const MOST_FALSE_ABORTS: f64 = 1.0;
/// The median time to find three times the errors at fifty requests a minute.
const MOST_MINUTES: f64 = 15.0;

/// Compares our judge with a naive repeated test and with one that is compatible with Kayenta.
#[derive(Debug)]
pub(crate) struct Judge;

impl Bench for Judge {
    fn name(&self) -> &'static str {
        "judge"
    }

    fn about(&self) -> &'static str {
        "false aborts and time to find a bad release, beside a repeated z-test and Kayenta's ranks"
    }

    fn run(&self) -> Result<Vec<Line>, Error> {
        Ok(compare(TRIALS).iter().flat_map(|row| self.lines(row)).collect())
    }
}

impl Judge {
    fn lines(&self, row: &Row) -> Vec<Line> {
        let Some(ours) = row.ours else { return Vec::new() };
        let peers = [("naive, repeated", row.naive), ("Kayenta-compatible", row.kayenta)];
        let measure = || Measure { unit: row.unit, ours };
        let line = |(name, theirs): (&str, Option<f64>)| {
            let peer = match theirs {
                Some(theirs) => Peer::Measured { name: name.into(), theirs },
                None => Peer::Absent { name: name.into(), reason: "decides in under half".into() },
            };
            Line::new(self.name(), row.case, measure(), peer, bar(row))
        };
        peers.into_iter().map(line).collect()
    }
}

fn bar(row: &Row) -> Bar {
    match row.unit {
        "% false aborts" => Bar::OursAtMost(MOST_FALSE_ABORTS),
        "minutes, median" if row.case.starts_with("thrice") => Bar::OursAtMost(MOST_MINUTES),
        _ => Bar::None,
    }
}
