//! Changing the routes under load loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pilotage_host::router::{Generation, Router, RouterError, Share, Track};

use crate::support::client::Client;
use crate::support::front::{Front, table};
use crate::support::unit::Unit;

const CLIENTS: usize = 16;
const SWITCHES: u16 = 200;

/// Requests over one connection until told to stop; returns how many each release answered.
async fn keep_asking(mut client: Client, stop: Arc<AtomicBool>) -> (usize, usize) {
    let mut answered = (0, 0);
    while !stop.load(Ordering::SeqCst) {
        let answer = client.get("/").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.release.as_ref(), Some(&answer.body), "identity passes untouched");
        match answer.body.as_str() {
            "v1" => answered.0 += 1,
            "v2" => answered.1 += 1,
            other => panic!("answered by {other}"),
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_switches_under_load_fail_no_request() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[], 0).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(keep_asking(Client::connect(front.address).await, stop.clone()));
    }
    let mut wanted = Client::connect(front.address).await;
    for switch in 0..SWITCHES {
        let points = [0, 10_000, 100, 2_500, 9_999, 5_000][usize::from(switch) % 6];
        front.route(&[old.upstream], &[new.upstream], points).await;
        let answered = wanted.get("/").await;
        match points {
            0 => assert_eq!(answered.body, "v1"),
            10_000 => assert_eq!(answered.body, "v2"),
            _ => assert_eq!(answered.status, 200),
        }
    }
    stop.store(true, Ordering::SeqCst);
    let answered = clients.join_all().await;
    let sum = |total: (usize, usize), one: (usize, usize)| (total.0 + one.0, total.1 + one.1);
    let (by_old, by_new) = answered.into_iter().fold((0, 0), sum);
    assert!(by_old > 0 && by_new > 0, "both releases took part: {by_old}, {by_new}");
    let asked_beside = usize::from(SWITCHES);
    assert_eq!(old.requests() + new.requests(), by_old + by_new + asked_beside, "none twice");
    let state = front.read().await;
    assert_eq!(state.table.generation(), Generation(u64::from(SWITCHES) + 1));
    assert_eq!(state.stable.counters.errors() + state.candidate.counters.errors(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drained_unit_stays_idle_under_load() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    let stop = Arc::new(AtomicBool::new(false));
    front.route(&[old.upstream], &[new.upstream], 5_000).await;
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(keep_asking(Client::connect(front.address).await, stop.clone()));
    }
    for _ in 0..50 {
        front.route(&[old.upstream], &[new.upstream], 10_000).await;
        front.drained(Track::Stable).await;
        let (before, beside) = (old.requests(), new.requests());
        let others = || async { new.requests() > beside + CLIENTS };
        crate::support::eventually("the candidate to answer on", others).await;
        assert_eq!(old.requests(), before, "the drained unit got a request");
        front.route(&[old.upstream], &[new.upstream], 5_000).await;
    }
    stop.store(true, Ordering::SeqCst);
    clients.join_all().await;
}

#[tokio::test]
async fn a_promotion_keeps_what_is_in_flight_with_its_unit() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 10_000).await;
    let mut client = Client::connect(front.address).await;
    let streaming = client
        .open(crate::support::client::request(
            hyper::Method::GET,
            "/stream",
            crate::support::client::empty(),
        ))
        .await;
    front.route(&[new.upstream], &[], 0).await;
    let state = front.read().await;
    assert_eq!(state.stable.in_flight(), 1, "{state:?}");
    assert_eq!(state.candidate.in_flight(), 0);
    new.finish();
    assert_eq!(crate::support::client::read(streaming).await.body, "first last");
    front.drained(Track::Stable).await;
}

#[tokio::test]
async fn a_unit_that_left_the_table_is_reported_until_it_carries_nothing() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    let request = crate::support::client::request(
        hyper::Method::GET,
        "/stream",
        crate::support::client::empty(),
    );
    let streaming = client.open(request).await;
    front.route(&[new.upstream], &[], 0).await;
    let leaving = front.read().await.leaving;
    assert_eq!(leaving.len(), 1);
    assert_eq!((leaving[0].upstream, leaving[0].requests), (old.upstream, 1));
    old.finish();
    assert_eq!(crate::support::client::read(streaming).await.release.as_deref(), Some("v1"));
    let gone = || async { front.read().await.leaving.is_empty() };
    crate::support::eventually("the unit to be forgotten", gone).await;
}

#[tokio::test]
async fn a_stale_writer_is_refused_and_the_same_table_again_is_not() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    let at = |generation, points| table(generation, &[old.upstream], &[new.upstream], points);
    front.proxy.apply(at(Generation(5), 100)).await.expect("newer");
    front.proxy.apply(at(Generation(5), 100)).await.expect("the same");
    for stale in [at(Generation(5), 200), at(Generation(4), 100)] {
        let refused = front.proxy.apply(stale).await.expect_err("stale");
        assert!(matches!(refused, RouterError::Stale { served: Generation(5), .. }), "{refused}");
    }
    let table = front.read().await.table;
    assert_eq!(table.share(), Share::from_basis_points(100).expect("a share"));
}
