//! The contracts of the roles, obeyed by the real implementations and by the fakes alike.

use pilotage_host::fake::{Behaviour, FakeAnswer, FakeProber, FakeRouter, FakeRuntime};
use pilotage_host::health::{HealthCheck, HttpProber, Prober, Unhealthy};
use pilotage_host::process::ProcessRuntime;
use pilotage_host::proxy::{Limits, Proxy};
use pilotage_host::router::{Generation, RouteTable, Router, RouterError, Share, Track, Upstream};
use pilotage_host::runtime::{Exit, Identity, Runtime, RuntimeError, UnitSpec, UnitState};

use crate::support::eventually;
use crate::support::front::table;
use crate::support::script::{FOREVER, unit};
use crate::support::unit::{Unit, dead_address};

async fn runtime_contract(runtime: &dyn Runtime, lasting: &UnitSpec, failing: &UnitSpec) {
    let name = &lasting.name;
    assert_eq!(runtime.observe(name).await.expect("observed"), None);
    assert_eq!(runtime.stop(name).await.expect("nothing to stop"), None);
    runtime.remove(name).await.expect("nothing to remove");

    let started = runtime.start(lasting).await.expect("started");
    assert!(matches!(started.state, UnitState::Running { .. }), "{started:?}");
    assert_eq!(runtime.start(lasting).await.expect("again"), started);
    let mut other = lasting.clone();
    other.port += 1;
    let taken = runtime.start(&other).await.expect_err("taken");
    assert!(matches!(taken, RuntimeError::NameTaken { .. }), "{taken}");
    let running = runtime.remove(name).await.expect_err("running");
    assert!(matches!(running, RuntimeError::Running { .. }), "{running}");

    runtime.start(failing).await.expect("started");
    let failed = || async {
        let status = runtime.observe(&failing.name).await.expect("observed").expect("known");
        status.state == UnitState::Failed { exit: Exit::Code(3) }
    };
    eventually("the crash loop to be given up", failed).await;
    let listed = runtime.list().await.expect("listed");
    assert_eq!(listed.iter().map(|status| status.restarts).collect::<Vec<_>>(), [2, 0]);

    for _ in 0..2 {
        let stopped = runtime.stop(name).await.expect("stopped").expect("known");
        assert!(matches!(stopped.state, UnitState::Stopped { exit: Some(_) }), "{stopped:?}");
    }
    assert!(!runtime.tail(name, 1_000).await.expect("a log").is_empty());
    assert_eq!(runtime.tail(name, 1).await.expect("no room for a line"), "");
    runtime.remove(name).await.expect("removed");
    let unknown = runtime.tail(name, 1).await.expect_err("removed");
    assert!(matches!(unknown, RuntimeError::Unknown { .. }), "{unknown}");
    runtime.stop(&failing.name).await.expect("put to rest");
}

fn specs() -> (UnitSpec, UnitSpec) {
    (unit("lasting", FOREVER), unit("failing", "echo failing; exit 3"))
}

#[tokio::test]
async fn processes_obey_the_runtime_contract() {
    let directory = tempfile::tempdir().expect("a directory");
    let runtime = ProcessRuntime::open(directory.path()).await.expect("opened");
    let (lasting, failing) = specs();
    runtime_contract(&runtime, &lasting, &failing).await;
}

#[tokio::test]
async fn the_fake_obeys_the_runtime_contract() {
    let runtime = FakeRuntime::default();
    let (lasting, failing) = specs();
    runtime.set_behaviour(failing.name.clone(), Behaviour::Exits(3));
    runtime_contract(&runtime, &lasting, &failing).await;
}

async fn router_contract(router: &dyn Router) {
    let [old, new] =
        [1, 2].map(|port| Upstream::from(std::net::SocketAddr::from(([127, 0, 0, 1], port))));
    let before = router.read().await.expect("read");
    assert_eq!(before.table, RouteTable::closed(Generation(0)));
    let at = |generation, points| table(Generation(generation), &[old], &[new], points);
    for _ in 0..2 {
        router.apply(at(3, 100)).await.expect("newer, then the same");
    }
    for stale in [at(3, 200), at(2, 100)] {
        let refused = router.apply(stale).await.expect_err("stale");
        assert!(matches!(refused, RouterError::Stale { served: Generation(3), .. }), "{refused}");
    }
    let state = router.read().await.expect("read");
    assert_eq!(state.table.share(), Share::from_basis_points(100).expect("a share"));
    assert_eq!(state.track(Track::Candidate).units[0].upstream, new);
    assert_eq!(state.track(Track::Stable).in_flight(), 0);
    assert!(state.leaving.is_empty());
    assert_eq!(router.close_tunnels(old).await.expect("closed"), 0);
}

#[tokio::test]
async fn the_proxy_and_the_fake_obey_the_router_contract() {
    router_contract(&Proxy::new(Limits::default())).await;
    router_contract(&FakeRouter::default()).await;
}

async fn prober_contract(prober: &dyn Prober, well: Upstream, dead: Upstream) {
    let check = |release: &str| HealthCheck {
        path: "/".parse().expect("a path"),
        release: release.parse().expect("a release"),
        identity: Identity::default(),
        deadline: std::time::Duration::from_secs(5),
    };
    prober.probe(well, &check("v2")).await.expect("well");
    let old = prober.probe(well, &check("v3")).await.expect_err("another release");
    assert!(matches!(&old, Unhealthy::WrongRelease { found, .. } if found == "v2"), "{old}");
    let absent = prober.probe(dead, &check("v2")).await.expect_err("absent");
    assert!(matches!(absent, Unhealthy::Unreachable { .. }), "{absent}");
}

#[tokio::test]
async fn the_http_prober_and_the_fake_obey_the_prober_contract() {
    let (well, dead) = (Unit::start("v2").await, dead_address().await.into());
    prober_contract(&HttpProber, well.upstream, dead).await;
    let fake = FakeProber::default();
    fake.set(well.upstream.address, FakeAnswer::Well("v2".parse().expect("a release")));
    prober_contract(&fake, well.upstream, dead).await;
}
