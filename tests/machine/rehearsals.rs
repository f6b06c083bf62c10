//! The rehearsals of `cargo xtask bench`, as many as fit into a test run.

use std::process::{Command, Stdio};

use pilotage_testkit::real;
use rehearsal::account::{Kind, Sums};
use rehearsal::{cutover, kills, migrations};
use serde::de::DeserializeOwned;

use crate::tool::{REHEARSE, pilotage};

#[expect(clippy::disallowed_methods, reason = "a rehearsal moves into a network of its own")]
fn figures<T: DeserializeOwned>(line: &str) -> T {
    let mut rehearse = Command::new(REHEARSE);
    rehearse.arg("--pilotage").arg(pilotage()).args(line.split(' ')).stdin(Stdio::null());
    let output = rehearse.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`rehearse {line}`: {said}");
    serde_json::from_slice(&output.stdout).expect("figures")
}

fn assert_that_nothing_was_lost(sums: &Sums) {
    let wrong = (sums.failed, sums.duplicated, sums.unaccounted);
    assert_eq!(wrong, (0, 0, 0), "{sums:#?}");
    for kind in [Kind::Quick, Kind::Long, Kind::Upload, Kind::Socket] {
        assert!(sums.of(kind).requests > 0, "{sums:#?}");
    }
}

#[test]
fn each_migration_is_applied_once_although_its_job_is_killed_at_any_instant() {
    for (system, variable) in
        [("postgres", "PILOTAGE_TEST_POSTGRES"), ("mariadb", "PILOTAGE_TEST_MARIADB")]
    {
        let Some(address) = real::require(system, variable) else { continue };
        let line = format!("--here migrations --count 6 --address {}", address.display());
        let figures: migrations::Figures = figures(&line);
        assert_eq!((figures.kills, figures.left), (6, 0), "{system}: {figures:#?}");
        assert_eq!(figures.once, figures.migrations, "{system}: {figures:#?}");
    }
}

#[test]
fn a_hundred_cutovers_lose_nothing() {
    let figures: cutover::Figures = figures("cutover --count 100");
    assert_eq!(figures.cutovers, 100);
    assert_that_nothing_was_lost(&figures.sums);
    assert!(figures.sums.of(Kind::Socket).requests > 20, "{figures:#?}");
    assert!(figures.sums.switching.requests > 10_000, "{figures:#?}");
}

#[test]
fn a_deploy_that_is_killed_at_any_instant_ends_wholly_old_or_wholly_new() {
    let figures: kills::Figures = figures("kills --count 12");
    assert_eq!((figures.kills, figures.old + figures.new), (12, 12), "{figures:#?}");
    assert!(figures.under_way > 0, "{figures:#?}");
    assert_that_nothing_was_lost(&figures.sums);
}
