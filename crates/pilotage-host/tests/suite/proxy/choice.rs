//! Shares are exact, and sticky clients stay.

use hyper::Method;
use pilotage_host::router::{Affinity, Generation, Router};

use crate::support::client::{Client, empty, request};
use crate::support::front::{Front, table};
use crate::support::unit::Unit;

#[tokio::test]
async fn shares_of_real_requests_are_exact_to_one_in_a_thousand() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    let mut client = Client::connect(front.address).await;
    for (points, expected) in [(100, 10_usize), (1_000, 100), (5_000, 500)] {
        front.route(&[old.upstream], &[new.upstream], points).await;
        let before = new.requests();
        for _ in 0..1_000 {
            assert_eq!(client.get("/").await.status, 200);
        }
        let got = new.requests() - before;
        assert!(got.abs_diff(expected) <= 2, "{got} of 1000 at {points} basis points");
    }
    let state = front.read().await;
    let counted = [state.stable.counters.requests, state.candidate.counters.requests];
    assert_eq!(counted, [old.requests() as u64, new.requests() as u64]);
    assert_eq!(state.candidate.counters.latency.total(), counted[1]);
}

#[tokio::test]
async fn requests_take_turns_over_the_units_of_a_track() {
    let units = [Unit::start("v1").await, Unit::start("v1").await, Unit::start("v1").await];
    let front = Front::start().await;
    front.route(&units.each_ref().map(|unit| unit.upstream), &[], 0).await;
    let mut client = Client::connect(front.address).await;
    for _ in 0..30 {
        client.get("/").await;
    }
    assert_eq!(units.map(|unit| unit.requests()), [10, 10, 10]);
}

#[tokio::test]
async fn a_sticky_client_moves_only_with_the_share() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    let at = |generation, points| {
        let table = table(Generation(generation), &[old.upstream], &[new.upstream], points);
        table.with_affinity(Affinity::Sticky)
    };
    front.proxy.apply(at(1, 2_000)).await.expect("newer");
    let mut client = Client::connect(front.address).await;
    let mut cookies = Vec::new();
    for _ in 0..100 {
        let first = client.get("/").await;
        let cookie = first.cookie.expect("a new client gets a cookie");
        cookies.push((cookie.split(';').next().expect("a pair").to_owned(), first.body));
    }
    let on_candidate = cookies.iter().filter(|(_, release)| release == "v2").count();
    assert!(on_candidate.abs_diff(20) <= 2, "{on_candidate}");
    for (generation, points) in [(2, 2_000), (3, 6_000)] {
        front.proxy.apply(at(generation, points)).await.expect("newer");
        for (cookie, before) in &mut cookies {
            let mut again = request(Method::GET, "/", empty());
            again.headers_mut().insert("cookie", cookie.parse().expect("valid"));
            let answer = client.send(again).await;
            assert_eq!(answer.cookie, None, "the client has one");
            let moved = answer.body != *before;
            assert!(!moved || (points > 2_000 && answer.body == "v2"), "{before} to {answer:?}");
            *before = answer.body;
        }
    }
}
