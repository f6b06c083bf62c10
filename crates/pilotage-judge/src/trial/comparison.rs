//! The table that compares the judges.

use alloc::vec::Vec;

use crate::trial::contender::Contender;
use crate::trial::scenario::Scenario;
use crate::trial::summary::{Summary, summarise};

/// One line of the comparison. A value is missing where a contender decided in under half of the
/// trials, so that its median does not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was simulated.
    pub case: &'static str,
    /// The sequential judge of this crate with its defaults.
    pub ours: Option<f64>,
    /// A one-sided z-test at 5 %, repeated at each look.
    pub naive: Option<f64>,
    /// The rank comparison of Kayenta, at each look from the tenth on.
    pub kayenta: Option<f64>,
    /// What the values are measured in.
    pub unit: &'static str,
}

/// What a row shows of its trials.
#[derive(Debug, Clone, Copy)]
enum Shown {
    FalseAborts,
    Found,
    MedianMinutes,
}

impl Shown {
    fn unit(self) -> &'static str {
        match self {
            Self::FalseAborts => "% false aborts",
            Self::Found => "% found",
            Self::MedianMinutes => "minutes, median",
        }
    }

    fn of(self, summary: Summary) -> Option<f64> {
        match self {
            Self::FalseAborts | Self::Found => Some(summary.aborted_percent),
            Self::MedianMinutes => summary.median_abort_look.map(f64::from),
        }
    }
}

/// An hour of one-minute looks at a service that fails one request in a hundred.
const fn hour(rate_ratio: f64, candidate_per_look: u64, stable_per_look: u64) -> Scenario {
    Scenario { stable_rate: 0.01, rate_ratio, candidate_per_look, stable_per_look, looks: 60 }
}

const CASES: [(&str, Scenario, &[Shown]); 6] = [
    ("equal versions, 500 + 500 requests/min", hour(1.0, 500, 500), &[Shown::FalseAborts]),
    ("equal versions, 50 + 950 requests/min", hour(1.0, 50, 950), &[Shown::FalseAborts]),
    ("twice the errors, 50 + 950", hour(2.0, 50, 950), &[Shown::Found, Shown::MedianMinutes]),
    ("thrice the errors, 50 + 950", hour(3.0, 50, 950), &[Shown::Found, Shown::MedianMinutes]),
    ("five times the errors, 50 + 950", hour(5.0, 50, 950), &[Shown::Found, Shown::MedianMinutes]),
    ("twice the errors, 500 + 500", hour(2.0, 500, 500), &[Shown::Found, Shown::MedianMinutes]),
];

/// Runs every case with the seeds `0..seeds` for each of the three judges.
pub fn compare(seeds: u64) -> Vec<Row> {
    let contenders = [Contender::sequential(), Contender::RepeatedZTest, Contender::kayenta()];
    let rows = CASES.iter().flat_map(|(case, scenario, shown)| {
        let summaries =
            contenders.each_ref().map(|contender| summarise(contender, *scenario, seeds));
        shown.iter().map(move |shown| {
            let [ours, naive, kayenta] = summaries.map(|summary| shown.of(summary));
            Row { case, ours, naive, kayenta, unit: shown.unit() }
        })
    });
    rows.collect()
}
