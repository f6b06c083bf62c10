//! What can be wrong with a program, a port or an address, and what is said of it.

use std::net::SocketAddr;

use pilotage_host::runtime::UnitName;
use pilotage_rollout::ramp::{BlueGreen, Strategy};
use pilotage_rollout::target::{Action, Outcome, Rejection};
use pilotage_rollout::{Share, Span, Verdict};
use tokio::net::TcpListener;

use crate::place::{Place, blue_green, id, is_alive, kill, read};
use crate::protocol::hostd;

fn capacity(release: &str, units: u16) -> Action {
    Action::Capacity { release: id(release), units }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_missing_or_was_changed_is_hopeless() {
    let place = Place::serving("v1").await;
    let spec = place.spec("other", 2, &[]);
    let copy = place.directory.path().join("artifacts/copy");
    let mut artifact = spec.artifact.clone();
    artifact.program = copy.clone();
    let spec = pilotage_host::wire::ReleaseSpec::new(id("other"), 2, artifact).expect("valid");
    place.client.register(spec).await.expect("registered");
    assert_eq!(place.order(9, 1, Action::Claim).await, Outcome::Applied);
    assert_eq!(place.order(9, 2, capacity("other", 1)).await, Outcome::Applied);
    let hopeless = |group: &pilotage_rollout::target::Group| {
        group.failing.iter().any(|failing| failing.hopeless)
    };
    let missing = place.sees("other", hopeless).await;
    assert!(missing.failing[0].reason.contains("No such file"), "{missing:?}");
    crate::place::write(&copy, "#!/bin/sh\n");
    let changed = |group: &pilotage_rollout::target::Group| {
        hopeless(group) && group.failing[0].reason.contains("was changed")
    };
    place.sees("other", changed).await;
    assert_eq!(place.observe().await.group(&id("v1")).expect("it serves").ready, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_loop_is_given_up_with_its_last_words_and_taken_back() {
    let place = Place::serving("v1").await;
    place.register("crashing", 2, &["--exit-at-once"]).await;
    let finished = place.deploy("run", "crashing", 2, blue_green()).await;
    let Verdict::Reverted { cause } = &finished.verdict else { panic!("{finished:?}") };
    let told = format!("{cause:?}");
    assert!(told.contains("told to exit at once") && told.contains("given up"), "{told}");
    let stable = place.sees("v1", |group| group.share == Share::ALL).await;
    assert_eq!((stable.ready, stable.restarts), (2, 0));
    place.sees("crashing", |group| !group.is_live()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_is_never_ready_gets_no_traffic_and_says_why() {
    let place = Place::serving("v1").await;
    place.register("never-ready", 2, &["--never-ready"]).await;
    place.order(9, 1, Action::Claim).await;
    place.order(9, 2, capacity("never-ready", 1)).await;
    let group = place.sees("never-ready", |group| {
        group.failing.iter().any(|failing| failing.reason.contains("status 503"))
    });
    assert_eq!(group.await.ready, 0);
    let (stable, candidate) = (Some(id("v1")), id("never-ready"));
    let traffic = Action::Traffic { stable, candidate, share: Share::ALL };
    let refused = place.order(9, 3, traffic).await;
    assert!(matches!(refused, Outcome::NotApplied(Rejection::Busy { .. })), "{refused:?}");
    assert_eq!(place.observe().await.group(&id("v1")).expect("it serves").share, Share::ALL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_start_is_waited_for() {
    let place = Place::serving("v1").await;
    place.register("slow", 2, &["--slow-start", "2"]).await;
    let (before, after, keep) = (vec![], vec![], Span::from_millis(100));
    let strategy = Strategy::BlueGreen(BlueGreen { before, after, keep });
    let finished = place.deploy("run", "slow", 2, strategy).await;
    assert!(crate::place::is_deployed(&finished, "slow"), "{finished:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_whose_port_a_stranger_has_taken_moves_to_another() {
    let place = Place::new().await;
    place.register("v1", 1, &[]).await;
    place.order(1, 1, Action::Claim).await;
    place.order(1, 2, capacity("v1", 1)).await;
    place.sees("v1", |group| group.ready == 1).await;
    let address = place.client.units().await.expect("units")[0].address;
    let stranger = take(&place, address).await;
    place.sees("v1", |group| group.ready == 1).await;
    let units = place.client.units().await.expect("units");
    let ready = units.iter().find(|unit| unit.ready).expect("a unit");
    assert_ne!(ready.address, address);
    let words = place.client.tail(units[0].name.clone(), 4_096).await.expect("a log");
    assert!(words.contains("cannot serve on"), "{words}");
    drop(stranger);
}

/// Kills the unit and takes its port before it is started again.
async fn take(place: &Place, address: SocketAddr) -> TcpListener {
    let name: UnitName = place.client.units().await.expect("units")[0].name.clone();
    let record = place.directory.path().join("units").join(name.as_str()).join("unit.json");
    loop {
        let record = read(&record).expect("a record");
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        let pid = record["process"]["running"]["pid"].as_u64();
        let Some(pid) = pid.and_then(|pid| u32::try_from(pid).ok()) else { continue };
        kill(pid);
        while is_alive(pid) {
            tokio::task::yield_now().await;
        }
        if let Ok(listener) = TcpListener::bind(address).await {
            return listener;
        }
    }
}

#[tokio::test]
async fn a_service_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = taken.local_addr().expect("bound").to_string();
    let home = tempfile::tempdir().expect("a directory");
    let service = home.path().join("service");
    let path = service.to_str().expect("text");
    let refused = hostd(&["--dir", path, "--listen", &address]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains(&format!("cannot listen on {address}")), "{said}");
    assert!(read(&service.join("state.json")).is_none(), "nothing was begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pruning_removes_programs_that_nothing_needs() {
    let place = Place::serving("v1").await;
    let name = |spec: &pilotage_host::wire::ReleaseSpec| spec.artifact.program.clone();
    let kept = name(&place.spec("v1", 1, &[]));
    let mut other = place.spec("script", 2, &[]);
    let store = pilotage_host::artifacts::ArtifactStore::open(&place.directory).expect("private");
    let shell = pilotage_host::artifacts::Program::new("/bin/sh", other.artifact.health.clone());
    other.artifact = store.add(shell).expect("added");
    let spec = pilotage_host::wire::ReleaseSpec::new(id("script"), 2, other.artifact.clone());
    place.client.register(spec.expect("valid")).await.expect("registered");
    place.order(9, 1, Action::Claim).await;
    place.order(9, 2, capacity("script", 1)).await;
    place.order(9, 3, capacity("script", 0)).await;
    assert!(name(&other).exists());
    let keep = vec![id("v1")];
    assert_eq!(place.order(9, 4, Action::Prune { keep }).await, Outcome::Applied);
    assert!(!name(&other).exists() && kept.exists());
    assert!(place.observe().await.group(&id("script")).is_none());
    let none = Action::Prune { keep: vec![] };
    let refused = place.order(9, 5, none).await;
    assert!(matches!(refused, Outcome::NotApplied(Rejection::Refused { .. })), "{refused:?}");
}
