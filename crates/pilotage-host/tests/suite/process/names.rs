//! Units go by name, and a name means one thing at a time.

use std::path::PathBuf;

use pilotage_artifact::Digest;
use pilotage_host::process::ProcessRuntime;
use pilotage_host::runtime::{Runtime, RuntimeError};

use super::Machine;
use crate::support::script::{FOREVER, unit};

#[tokio::test]
async fn a_start_that_is_repeated_starts_nothing() {
    let machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    let first = machine.start(&spec).await;
    assert_eq!(machine.start(&spec).await, first);
    let mut other = spec.clone();
    other.port += 1;
    let refused = machine.runtime().start(&other).await.expect_err("taken");
    assert!(matches!(refused, RuntimeError::NameTaken { .. }), "{refused}");
    assert_eq!(machine.status(&spec.name).await, first);
}

#[tokio::test]
async fn a_unit_is_removed_only_when_it_does_not_run() {
    let machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    let refused = machine.runtime().remove(&spec.name).await.expect_err("running");
    assert!(matches!(refused, RuntimeError::Running { .. }), "{refused}");
    machine.stop(&spec.name).await;
    for _ in 0..2 {
        machine.runtime().remove(&spec.name).await.expect("removed");
        assert!(machine.runtime().list().await.expect("listed").is_empty());
    }
    assert_eq!(machine.runtime().stop(&spec.name).await.expect("nothing to do"), None);
    let unknown = machine.runtime().tail(&spec.name, 1).await.expect_err("no log");
    assert!(matches!(unknown, RuntimeError::Unknown { .. }), "{unknown}");
}

#[tokio::test]
async fn a_program_that_is_not_the_artifact_s_is_not_started() {
    let machine = Machine::new().await;
    let mut changed = unit("web", FOREVER);
    changed.artifact.program_digest = Digest::of(b"another build");
    let refused = machine.runtime().start(&changed).await.expect_err("changed");
    assert!(matches!(refused, RuntimeError::WrongDigest { .. }), "{refused}");
    let mut missing = unit("web", FOREVER);
    missing.artifact.program = PathBuf::from("/no/such/program");
    let refused = machine.runtime().start(&missing).await.expect_err("missing");
    assert!(matches!(refused, RuntimeError::Start { .. }), "{refused}");
    assert!(machine.runtime().list().await.expect("listed").is_empty());
}

#[tokio::test]
async fn a_unit_sees_only_the_environment_that_it_was_given() {
    let machine = Machine::new().await;
    let mut spec = unit("web", "/usr/bin/env; exit 1");
    spec.artifact.restart.limit = 0;
    machine.start(&spec).await;
    machine.reaches(&spec.name, |status| !status.state.is_live()).await;
    let log = machine.tail(&spec.name).await;
    let mut names: Vec<_> = log.lines().filter_map(|line| line.split('=').next()).collect();
    names.retain(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_"));
    names.sort_unstable();
    let given = ["GREETING", "PILOTAGE_LAUNCH", "PILOTAGE_RELEASE", "PILOTAGE_UNIT", "PORT"];
    assert_eq!(names, given, "{log}");
    assert!(log.contains("PILOTAGE_RELEASE=v1\n") && log.contains("PORT=8080\n"), "{log}");
}

#[tokio::test]
async fn one_directory_has_one_supervisor() {
    let machine = Machine::new().await;
    let refused = ProcessRuntime::open(machine.directory.path()).await.expect_err("taken");
    assert!(matches!(refused, RuntimeError::Busy { .. }), "{refused}");
}
