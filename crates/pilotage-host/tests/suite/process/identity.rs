//! A process is never mistaken for another, nor lost.

use pilotage_host::runtime::{Runtime, UnitState};
use serde_json::{Value, json};

use super::Machine;
use crate::support::files::{is_alive, kill, read, write};
use crate::support::script::{FOREVER, unit};

fn edit(machine: &Machine, name: &pilotage_host::runtime::UnitName, edit: impl FnOnce(&mut Value)) {
    let path = machine.record(name);
    let mut record: Value = serde_json::from_str(&read(&path).expect("a record")).expect("JSON");
    edit(&mut record);
    write(&path, &record.to_string());
}

#[tokio::test]
async fn a_stranger_with_a_recycled_id_is_neither_adopted_nor_signalled() {
    let (mut machine, elsewhere) = (Machine::new().await, Machine::new().await);
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    let own = machine.pid(&spec.name).await;
    elsewhere.start(&unit("stranger", FOREVER)).await;
    let stranger = elsewhere.pid(&"stranger".parse().expect("a name")).await;
    machine.lose_supervisor();
    kill(own);
    edit(&machine, &spec.name, |record| {
        let recorded = &mut record["process"]["running"];
        recorded["pid"] = json!(stranger);
        // Both may have begun within one tick of the kernel's clock; a recycled id never does.
        recorded["began"] = json!(recorded["began"].as_u64().expect("ticks") - 1);
    });
    machine.open_again().await;
    let again = machine.reaches(&spec.name, |status| status.restarts == 1).await;
    assert_ne!(again.state, UnitState::Running { pid: stranger });
    machine.runtime().stop(&spec.name).await.expect("stopped");
    assert!(is_alive(stranger));
}

#[tokio::test]
async fn a_unit_whose_id_was_never_written_down_is_found_by_its_mark() {
    let mut machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    machine.wrote(&spec.name, "ready").await;
    let pid = machine.pid(&spec.name).await;
    let environ = read(format!("/proc/{pid}/environ")).expect("running");
    let mark = environ.split('\0').find_map(|pair| pair.strip_prefix("PILOTAGE_LAUNCH="));
    machine.lose_supervisor();
    edit(&machine, &spec.name, |record| record["process"] = json!({ "launching": mark }));
    machine.open_again().await;
    let found = machine.status(&spec.name).await;
    assert_eq!((found.state, found.restarts), (UnitState::Running { pid }, 0));
    machine.stop(&spec.name).await;
    assert!(!is_alive(pid));
}

#[tokio::test]
async fn a_unit_that_was_never_launched_is_launched() {
    let mut machine = Machine::new().await;
    let spec = unit("web", FOREVER);
    machine.start(&spec).await;
    let pid = machine.pid(&spec.name).await;
    machine.lose_supervisor();
    kill(pid);
    edit(&machine, &spec.name, |record| record["process"] = json!({ "launching": "never" }));
    machine.open_again().await;
    let running = |state: UnitState| matches!(state, UnitState::Running { .. });
    machine.reaches(&spec.name, |status| running(status.state)).await;
}
