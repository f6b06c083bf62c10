//! Whole deploys under constant load.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pilotage_driver::drive::{Driver, Interruptions, Patience};
use pilotage_driver::role::{Clock, Metrics, SystemClock};
use pilotage_host::local::{Check, Command, Deed, LocalMetrics, LocalProbe, P99};
use pilotage_host::runtime::Identity;
use pilotage_judge::{Method, MetricName, Panel, Reading, Risk, Rule};
use pilotage_rollout::gate::{Gate, Inconclusive, Judging, Smoke, Via};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::ramp::{BlueGreen, Canary, CanaryStep, Rolling, Strategy};
use pilotage_rollout::target::Action;
use pilotage_rollout::{Moment, Share, Span, Verdict};
use pilotage_testkit::contract;

use crate::apart::Apart;
use crate::load::Load;
use crate::place::{Place, blue_green, id, is_deployed};

fn judge() -> Gate {
    let rule = Rule::new(MetricName::errors(), Method::default());
    Gate::Judge(Judging {
        panel: Panel::of(rule, Risk::ONE_PERCENT),
        interval: Span::from_millis(300),
        horizon: Span::from_secs(15),
        inconclusive: Inconclusive::Revert,
    })
}

fn canary(gates: Vec<Gate>) -> Strategy {
    let traffic = Share::from_percent(30).expect("a share");
    Strategy::Canary(Canary { steps: vec![CanaryStep { traffic, gates }], after: vec![] })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_strategy_ships_without_losing_a_request() {
    let place = Place::serving("v1").await;
    let load = Load::on(place.address).await;
    let rolling = Strategy::Rolling(Rolling { batches: 2, gates: vec![] });
    let soak = vec![Gate::Soak(Span::from_millis(500))];
    let strategies = [("v2", blue_green()), ("v3", canary(soak)), ("v4", rolling)];
    for (sequence, (release, strategy)) in (2..).zip(strategies) {
        place.register(release, sequence, &[]).await;
        let finished = place.deploy(release, release, sequence, strategy).await;
        assert!(is_deployed(&finished, release), "{finished:?}");
    }
    let tally = load.stop().await;
    assert!(tally.is_clean(), "{tally:?}");
    for release in ["v1", "v2", "v3", "v4"] {
        assert!(tally.of(release) > 0, "{:?}", tally.answers);
    }
    let seen = place.sees("v4", |group| group.ready == 2).await;
    assert_eq!((seen.share, seen.restarts), (Share::ALL, 0));
    let live = place.client.units().await.expect("units");
    let ready: Vec<_> = live.iter().filter(|unit| unit.ready).collect();
    assert!(ready.len() == 2 && ready.iter().all(|unit| unit.release == id("v4")), "{live:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_that_fails_in_production_only_is_taken_back_by_the_judge() {
    let place = Place::serving("v1").await;
    place.register("flawed", 2, &["--fail-percent", "30"]).await;
    let load = Load::on(place.address).await;
    let finished = place.deploy("run", "flawed", 2, canary(vec![judge()])).await;
    assert!(matches!(finished.verdict, Verdict::Reverted { .. }), "{finished:?}");
    let tally = load.stop().await;
    assert!(tally.lost.is_empty() && tally.errors.keys().eq(["flawed"]), "{tally:?}");
    assert!(tally.of("v1") > 0);
    assert_eq!(place.sees("v1", |group| group.share == Share::ALL).await.ready, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn smoke_checks_reach_the_candidate_before_and_after_the_switch() {
    let place = Place::serving("v1").await;
    place.register("v2", 2, &[]).await;
    let smoke = |check: &str, via| {
        let interval = Span::from_millis(100);
        Gate::Smoke(Smoke { check: check.into(), via, attempts: 2, interval })
    };
    let before = vec![smoke("page", Via::Preview), smoke("command", Via::Preview)];
    let after = vec![smoke("page", Via::Production), smoke("command", Via::Production)];
    let strategy = Strategy::BlueGreen(BlueGreen { before, after, keep: Span::from_millis(100) });
    let script = "test -n \"$PILOTAGE_ADDRESS\" && test \"$PILOTAGE_RELEASE\" = v2".to_owned();
    let command = Deed::Command(Command {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), script],
        env: std::iter::empty::<(String, String)>().collect(),
        directory: "/".into(),
    });
    let (path, identity) = ("/".parse().expect("a path"), Identity::Required);
    let checks = [("page", Deed::Http { path, identity }), ("command", command)];
    let within = Duration::from_secs(10);
    let checks = checks.map(|(name, deed)| (name.to_owned(), Check { deed, within }));
    let probe = LocalProbe::new(place.client.clone(), BTreeMap::from(checks));
    contract::probe(&probe).await;
    let mut crew = place.crew();
    crew.probe = Arc::new(Apart(probe));
    let plan = place.plan("v2", 2, strategy).await;
    let driver = Driver::new(crew, Patience::default(), "a test".into());
    let finished = driver.drive(RunId("run".into()), plan, Interruptions::none()).await;
    assert!(is_deployed(&finished.expect("the roles answer"), "v2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn this_machine_obeys_the_contracts() {
    let place = Place::serving("v1").await;
    let candidate = place.register("v2", 2, &[]).await;
    let stable = place.observe().await.group(&id("v1")).expect("it serves").release.clone();
    let clock = SystemClock::new();
    let target = place.target();
    let bench = contract::TargetBench { target: &target, clock: &clock, stable, candidate };
    contract::target(&bench).await;
    let names = ["errors", P99, "unheard-of"].map(|name| name.parse().expect("a name"));
    contract::metrics(&LocalMetrics::new(place.client.clone()), &names, clock.now()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_count_what_each_side_answered() {
    let place = Place::serving("v1").await;
    place.register("flawed", 2, &["--fail-percent", "30"]).await;
    let (release, units) = (id("flawed"), 1);
    place.order(100, 1, Action::Claim).await;
    place.order(100, 2, Action::Capacity { release, units }).await;
    place.sees("flawed", |group| group.ready == 1).await;
    let share = Share::from_percent(50).expect("a share");
    let (stable, candidate) = (Some(id("v1")), id("flawed"));
    place.order(100, 3, Action::Traffic { stable, candidate, share }).await;
    let clock = SystemClock::new();
    let begin = clock.now();
    let load = Load::on(place.address).await;
    clock.sleep(Span::from_secs(1)).await;
    let tally = load.stop().await;
    // A window ends at the last note before its end.
    clock.sleep(Span::from_millis(500)).await;
    let metrics = LocalMetrics::new(place.client.clone());
    let names = ["errors", P99].map(|name| name.parse().expect("a name"));
    let whole = metrics.read(&names, begin, clock.now()).await;
    let [Reading::Ratio { stable, candidate }, Reading::Gauge { stable: p99, .. }] = &whole[..]
    else {
        panic!("{whole:?}")
    };
    let failures = tally.errors.values().sum::<u64>() + tally.lost.len() as u64;
    assert_eq!((stable.events(), stable.total()), (0, tally.of("v1")));
    assert_eq!((candidate.events(), candidate.total()), (failures, tally.of("flawed") + failures));
    assert!(failures > 0 && *p99 > 0.0);
    let early = metrics.read(&names[..1], Moment::from_millis(0), begin).await;
    assert!(matches!(early[..], [Reading::Missing { .. }]), "{early:?}");
}
