//! A supervisor that comes back finds its units again.

use pilotage_host::runtime::{Exit, Runtime, UnitState};

use super::Machine;
use crate::support::files::kill;
use crate::support::script::{FOREVER, unit};

#[tokio::test]
async fn a_running_unit_is_found_again_and_obeys() {
    let mut machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    let before = machine.start(&spec).await;
    machine.wrote(&spec.name, "ready").await;
    machine.lose_supervisor();
    machine.open_again().await;
    assert_eq!(machine.status(&spec.name).await, before);
    assert_eq!(machine.start(&spec).await, before, "a repeated start finds it as well");
    let stopped = UnitState::Stopped { exit: Some(Exit::Unseen) };
    assert_eq!(machine.stop(&spec.name).await, stopped);
    assert!(machine.tail(&spec.name).await.ends_with("bye\n"), "it wrote on by itself");
}

#[tokio::test]
async fn a_unit_that_was_found_again_is_still_looked_after() {
    let mut machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    machine.lose_supervisor();
    machine.open_again().await;
    let first = machine.pid(&spec.name).await;
    kill(first);
    let again = machine.reaches(&spec.name, |status| status.restarts == 1).await;
    assert!(again.state.is_live() && again.state != UnitState::Running { pid: first });
}

#[tokio::test]
async fn a_unit_that_ended_meanwhile_is_started_again() {
    let mut machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    let first = machine.pid(&spec.name).await;
    machine.lose_supervisor();
    kill(first);
    machine.open_again().await;
    let again = machine.reaches(&spec.name, |status| status.restarts == 1).await;
    assert!(again.state.is_live());
    assert_ne!(machine.pid(&spec.name).await, first);
}

#[tokio::test]
async fn stopped_and_failed_units_stay_so() {
    let mut machine = Machine::new().await;
    let (resting, mut failing) = (unit("resting", FOREVER), unit("failing", "exit 3"));
    failing.artifact.restart.limit = 0;
    machine.start(&resting).await;
    machine.start(&failing).await;
    machine.stop(&resting.name).await;
    let failed = machine.reaches(&failing.name, |status| !status.state.is_live()).await;
    let stopped = machine.status(&resting.name).await;
    machine.lose_supervisor();
    machine.open_again().await;
    let listed = machine.runtime().list().await.expect("listed");
    assert_eq!(listed, [failed, stopped]);
}

#[tokio::test]
async fn a_stop_that_was_begun_is_finished() {
    let mut machine = Machine::new().await;
    let twice = "trap 'trap \"exit 0\" TERM; echo heard' TERM; echo ready; \
                 while :; do /bin/sleep 0.02; done";
    let spec = unit("web", twice);
    machine.start(&spec).await;
    machine.wrote(&spec.name, "ready").await;
    tokio::select! {
        stopped = machine.runtime().stop(&spec.name) => panic!("at the first signal: {stopped:?}"),
        () = machine.wrote(&spec.name, "heard") => {}
    }
    machine.lose_supervisor();
    machine.open_again().await;
    let stopped = machine.reaches(&spec.name, |status| !status.state.is_live()).await;
    assert_eq!(stopped.state, UnitState::Stopped { exit: Some(Exit::Unseen) });
    assert_eq!(stopped.restarts, 0);
}
