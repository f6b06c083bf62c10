//! What became of the requests of a rehearsal, held to "nothing is lost".

use pilotage_xtask::bench::{Bar, Line, Measure, Peer};
use rehearsal::account::{Kind, Latency, Sums};

/// The lines that every rehearsal under load has in common.
pub(crate) fn lines(bench: &str, sums: &Sums) -> Vec<Line> {
    let none = Bar::OursAtMost(0.0);
    let told = |case: &str, ours: u64, bar| line(bench, case, "requests", count(ours), bar);
    let kind = |kind: Kind| sums.of(kind);
    let improper = kind(Kind::Socket).failed;
    vec![
        told("requests", sums.requests, Bar::None),
        told("failed", sums.failed, none),
        told("duplicated", sums.duplicated, none),
        told("answered by nobody known", sums.unaccounted, none),
        told("long requests", kind(Kind::Long).requests, Bar::None),
        told("uploads", kind(Kind::Upload).requests, Bar::None),
        told("websockets, closed properly", kind(Kind::Socket).requests - improper, Bar::None),
        told("websockets, not closed properly", improper, none),
    ]
}

/// How much longer requests took while something was switched.
pub(crate) fn latencies(bench: &str, sums: &Sums) -> Vec<Line> {
    let millis = |micros: u32| f64::from(micros) / 1_000.0;
    let told = |case: &str, ours| line(bench, case, "ms", ours, Bar::None);
    let both = |name: &str, Latency { p50_micros, p99_micros, .. }: Latency| {
        [
            told(&format!("p50, {name}"), millis(p50_micros)),
            told(&format!("p99, {name}"), millis(p99_micros)),
        ]
    };
    let added = millis(sums.switching.p99_micros) - millis(sums.calm.p99_micros);
    let added = told("added p99", added);
    let calm = both("calm", sums.calm);
    calm.into_iter().chain(both("switching", sums.switching)).chain([added]).collect()
}

/// A line without a peer.
pub(crate) fn line(bench: &str, case: &str, unit: &'static str, ours: f64, bar: Bar) -> Line {
    Line::new(bench, case, Measure { unit, ours }, Peer::None, bar)
}

/// A count as a measure: exact for as long as it is below four billions.
pub(crate) fn count(count: u64) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}
