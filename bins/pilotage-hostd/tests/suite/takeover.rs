//! A daemon that dies is replaced, and nothing is lost but the time in between.

use pilotage_driver::drive::{DriverError, Finished, Interruptions};
use pilotage_driver::role::Target;
use pilotage_host::local::SpawnError;
use pilotage_host::wire::Fate;
use pilotage_rollout::Share;
use pilotage_rollout::Span;
use pilotage_rollout::gate::Gate;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::ramp::{Canary, CanaryStep, Strategy};
use pilotage_rollout::target::{Action, Fence, Outcome, ReadFailure};
use tokio::task::JoinHandle;

use crate::load::Load;
use crate::place::{DEADLINE, Place, ensure, id, is_alive, is_deployed, read, write};

async fn pids(place: &Place) -> Vec<u64> {
    let units = place.client.units().await.expect("units");
    let live = units.iter().filter(|unit| unit.ready);
    let record = |name: &str| place.directory.path().join("units").join(name).join("unit.json");
    let records = live.map(|unit| read(&record(unit.name.as_str())).expect("a record"));
    let pid = |record: String| {
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        record["process"]["running"]["pid"].as_u64().expect("it runs")
    };
    records.map(pid).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_daemon_finds_its_routes_units_and_fence_again() {
    let place = Place::serving("v1").await;
    let (seen, units) = (place.observe().await, pids(&place).await);
    place.kill_daemon().await;
    assert!(units.iter().all(|pid| is_alive(u32::try_from(*pid).expect("a pid"))));
    let failure = place.target().observe().await.expect_err("nobody is there");
    assert!(matches!(failure, ReadFailure::Unavailable { .. }), "{failure:?}");
    place.start_again().await;
    assert_eq!(place.observe().await, seen);
    let load = Load::on(place.address).await;
    assert_eq!(pids(&place).await, units, "the same processes");
    let tally = load.stop().await;
    assert!(tally.is_clean() && tally.of("v1") > 0, "{tally:?}");
}

/// A canary whose share of the traffic is reached, and which is watched for a while.
async fn soaking(place: &Place, soak: Span) -> (JoinHandle<Result<Finished, DriverError>>, Share) {
    place.register("v2", 2, &[]).await;
    let traffic = Share::from_percent(30).expect("a share");
    let steps = vec![CanaryStep { traffic, gates: vec![Gate::Soak(soak)] }];
    let plan = place.plan("v2", 2, Strategy::Canary(Canary { steps, after: vec![] })).await;
    let driver = place.driver();
    let run = tokio::spawn(async move {
        driver.drive(RunId("run".into()), plan, Interruptions::none()).await
    });
    place.sees("v2", |group| group.share == traffic).await;
    (run, traffic)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_over_the_death_of_the_daemon() {
    let place = Place::serving("v1").await;
    let (run, traffic) = soaking(&place, Span::from_secs(2)).await;
    place.kill_daemon().await;
    place.start_again().await;
    let seen = place.observe().await;
    assert_eq!(seen.group(&id("v2")).expect("it runs").share, traffic, "the share is back");
    let load = Load::on(place.address).await;
    let finished = tokio::time::timeout(DEADLINE, run).await.expect("in time").expect("no panic");
    assert!(is_deployed(finished.as_ref().expect("the roles answer"), "v2"), "{finished:?}");
    let tally = load.stop().await;
    assert!(tally.is_clean(), "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_run_is_resumed_by_another_process_over_another_daemon() {
    let place = Place::serving("v1").await;
    let (run, _) = soaking(&place, Span::from_secs(1)).await;
    run.abort();
    assert!(run.await.expect_err("aborted").is_cancelled());
    place.kill_daemon().await;
    place.start_again().await;
    assert!(read(&place.journals().join("run.jsonl")).is_some());
    let load = Load::on(place.address).await;
    let finished = place.driver().resume(RunId("run".into()), Interruptions::none()).await;
    assert!(is_deployed(finished.as_ref().expect("the roles answer"), "v2"), "{finished:?}");
    let tally = load.stop().await;
    assert!(tally.is_clean(), "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_is_told_to_stop_everything_starts_it_again() {
    let place = Place::serving("v1").await;
    let before = pids(&place).await;
    let daemon = place.client.hello().await.expect("it runs").pid.expect("it tells");
    place.client.shutdown(Fate::Stop).await.expect("it ends");
    crate::place::gone(daemon).await;
    assert!(before.iter().all(|pid| !is_alive(u32::try_from(*pid).expect("a pid"))));
    place.start_again().await;
    let group = place.sees("v1", |group| group.ready == 2).await;
    assert_eq!(group.share, Share::ALL);
    assert!(pids(&place).await.iter().all(|pid| !before.contains(pid)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_or_newer_state_is_left_as_it_is() {
    let place = Place::serving("v1").await;
    let (before, units) = (place.observe().await, pids(&place).await);
    let file = place.directory.path().join("state.json");
    let whole = read(&file).expect("a state file");
    place.kill_daemon().await;
    let newer = whole.replacen("\"schema\":1", "\"schema\":99,\"unheard\":1", 1);
    for (state, complaint) in [(&whole[..whole.len() / 2], "is damaged"), (&newer, "schema 99")] {
        write(&file, state);
        let ended = ensure(&place.directory, None).await;
        let Err(SpawnError::Died { status, words }) = ended else { panic!("{ended:?}") };
        assert_eq!(status.code(), Some(1));
        assert!(words.contains(complaint), "{words}");
        assert_eq!(read(&file).as_deref(), Some(state), "nothing is lost");
        assert!(units.iter().all(|pid| is_alive(u32::try_from(*pid).expect("a pid"))));
    }
    write(&file, &whole);
    place.start_again().await;
    assert_eq!(place.observe().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fence_outlives_the_daemon() {
    let place = Place::serving("v1").await;
    assert_eq!(place.order(50, 1, Action::Claim).await, Outcome::Applied);
    place.kill_daemon().await;
    place.start_again().await;
    assert_eq!(place.observe().await.fence, Fence(50));
    let stale = place.order(49, 9, Action::Capacity { release: id("v1"), units: 1 }).await;
    assert!(matches!(
        stale,
        Outcome::NotApplied(pilotage_rollout::target::Rejection::StaleFence { current: Fence(50) })
    ));
    assert_eq!(place.observe().await.group(&id("v1")).expect("it serves").desired, 2);
}
