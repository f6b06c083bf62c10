//! How units end: by themselves, again and again, when asked, and when they refuse.

use std::time::Duration;

use pilotage_host::runtime::{Exit, Runtime, UnitState};

use super::Machine;
use crate::support::eventually;
use crate::support::files::is_alive;
use crate::support::script::{FOREVER, STUBBORN, unit};

#[tokio::test]
async fn a_crash_loop_is_given_up_with_its_last_words() {
    let machine = Machine::new().await;
    let spec = unit("web", "echo starting on $PORT; exit 3");
    machine.start(&spec).await;
    let failed = machine.reaches(&spec.name, |status| !status.state.is_live()).await;
    assert_eq!(failed.state, UnitState::Failed { exit: Exit::Code(3) });
    assert_eq!(failed.restarts, 2);
    assert_eq!(machine.tail(&spec.name).await, "starting on 8080\n".repeat(3));
}

#[tokio::test]
async fn a_unit_that_exits_at_once_fails_and_can_be_started_anew() {
    let machine = Machine::new().await;
    let mut spec = unit("web", "echo no; exit 7");
    spec.artifact.restart.limit = 0;
    for starts in 1..=2 {
        machine.start(&spec).await;
        let failed = machine.reaches(&spec.name, |status| !status.state.is_live()).await;
        assert_eq!(failed.state, UnitState::Failed { exit: Exit::Code(7) });
        assert_eq!(failed.restarts, 0);
        assert_eq!(machine.tail(&spec.name).await, "no\n".repeat(starts));
    }
    let stopped = UnitState::Stopped { exit: Some(Exit::Code(7)) };
    assert_eq!(machine.stop(&spec.name).await, stopped, "what has failed can be put to rest");
}

#[tokio::test]
async fn a_unit_that_is_asked_to_stop_may_say_goodbye() {
    let machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    machine.wrote(&spec.name, "ready").await;
    let stopped = UnitState::Stopped { exit: Some(Exit::Code(0)) };
    assert_eq!(machine.stop(&spec.name).await, stopped);
    assert_eq!(machine.stop(&spec.name).await, stopped, "once more changes nothing");
    assert!(machine.tail(&spec.name).await.ends_with("bye\n"));
}

#[tokio::test]
async fn a_unit_that_ignores_its_signal_is_killed_after_its_grace() {
    let machine = Machine::new().await;
    let mut spec = unit("web", STUBBORN);
    spec.artifact.stop.grace = Duration::from_millis(50);
    machine.start(&spec).await;
    machine.wrote(&spec.name, "ready").await;
    let pid = machine.pid(&spec.name).await;
    let killed = UnitState::Stopped { exit: Some(Exit::Signal(9)) };
    assert_eq!(machine.stop(&spec.name).await, killed);
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_unit_that_pauses_before_its_restart_can_be_stopped() {
    let machine = Machine::new().await;
    let mut spec = unit("web", "exit 1");
    spec.artifact.restart.backoff = Duration::from_secs(20);
    machine.start(&spec).await;
    let pausing = UnitState::Restarting { exit: Exit::Code(1) };
    machine.reaches(&spec.name, |status| status.state == pausing).await;
    let stopped = UnitState::Stopped { exit: Some(Exit::Code(1)) };
    assert_eq!(machine.stop(&spec.name).await, stopped);
}

#[tokio::test]
async fn what_a_unit_leaves_behind_ends_with_it() {
    let machine = Machine::new().await;
    let mut spec = unit("web", "/bin/sleep 1000 & echo left $! behind; exit 1");
    spec.artifact.restart.limit = 0;
    machine.start(&spec).await;
    machine.reaches(&spec.name, |status| !status.state.is_live()).await;
    let log = machine.tail(&spec.name).await;
    let pid = log.split(' ').nth(1).and_then(|pid| pid.parse().ok()).expect("a pid");
    eventually("the leftover to end", || async { !is_alive(pid) }).await;
}

#[tokio::test]
async fn a_unit_killed_by_a_stranger_is_started_again() {
    let machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    let first = machine.pid(&spec.name).await;
    crate::support::files::kill(first);
    let again = machine.reaches(&spec.name, |status| status.restarts == 1).await;
    assert!(again.state.is_live());
    assert_ne!(machine.pid(&spec.name).await, first);
    machine.runtime().stop(&spec.name).await.expect("stopped");
}
