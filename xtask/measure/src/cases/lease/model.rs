//! Every interleaving of the protocol.

use pilotage_testkit::model::{Plant, Report, Scenario, explore};
use pilotage_xtask::bench::{Bar, Line, Measure, Peer};
use pilotage_xtask::terminal;

/// Explores all scenarios, and those that are broken on purpose.
pub(super) fn run() -> Vec<Line> {
    let mut lines = Vec::new();
    for scenario in Scenario::SHORT.iter().chain(&Scenario::LONG) {
        let report = explore(scenario);
        terminal::note(report.to_string());
        lines.push(line(&report, "promises broken", u32::from(report.breach.is_some()), 0));
    }
    for plant in Plant::ALL {
        let report = explore(&Scenario::with(plant));
        terminal::note(format!("planted: {report}"));
        let missed = u32::from(report.breach.is_none());
        lines.push(line(&report, "plants overlooked", missed, 0));
    }
    lines
}

fn line(report: &Report, unit: &'static str, ours: u32, most: u32) -> Line {
    let case = format!("{}, {} states", report.scenario, report.states);
    Line::new(
        "lease",
        &case,
        Measure { unit, ours: ours.into() },
        Peer::None,
        Bar::OursAtMost(most.into()),
    )
}
