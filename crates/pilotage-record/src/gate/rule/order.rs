//! Would it push aside what should stay?

use crate::gate::case::Bench;
use crate::gate::explain::Finding;
use crate::gate::{Hold, Running};

/// The environment does not stay with another release.
pub(super) fn hold(bench: &Bench<'_>) -> Vec<Finding> {
    let own = bench.case.record.id();
    let others = bench.case.place.holds.iter().filter(|hold| hold.record != own);
    let findings: Vec<_> = others.map(held).collect();
    if findings.is_empty() { vec![Finding::pass("no other release is held there")] } else { findings }
}

fn held(Hold { record, grounds }: &Hold) -> Finding {
    let reason = grounds.words.as_ref().map_or("", |words| words.as_str());
    let says = format!("{} holds it at {} since {}: {reason}", grounds.by, record.short(), grounds.at);
    Finding::fail(says, "end the hold with `unheld`").on(grounds.id)
}

/// It is not older than what serves, nor replaced by another, unless that is wanted.
pub(super) fn order(bench: &Bench<'_>) -> Vec<Finding> {
    if bench.case.going_back {
        return vec![Finding::pass("an older release is wanted on purpose")];
    }
    if let Some(grounds) = &bench.standing.superseded {
        let says = format!("another release took its place at {}", grounds.at);
        return vec![Finding::fail(says, "bring out that one, or go back on purpose").on(grounds.id)];
    }
    vec![match &bench.case.place.running {
        None => Finding::pass("nothing is known to serve there"),
        Some(running) => compare(bench, running),
    }]
}

fn compare(bench: &Bench<'_>, running: &Running) -> Finding {
    let (own, other) = (bench.case.record.content().sequence, running.sequence);
    let finding = if own >= other {
        Finding::pass(format!("it is number {own}, and {other} serves"))
    } else {
        Finding::fail(
            format!("it is number {own}, older than {other}, which serves"),
            "bring out a newer one, or go back on purpose",
        )
    };
    finding.on(running.grounds.id)
}
