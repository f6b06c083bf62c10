//! What happens when units fail: retried where it is harmless, named where it is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pilotage_host::proxy::Limits;
use pilotage_host::router::Upstream;
use tokio::io::AsyncReadExt;

use crate::support::client::Client;
use crate::support::front::Front;
use crate::support::unit::{Unit, dead_address, read_head, scripted, write_ok};
use crate::support::within;

#[tokio::test]
async fn a_dead_unit_is_a_502_that_names_the_track() {
    let (old, dead) = (Unit::start("v1").await, dead_address().await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[dead.into()], 10_000).await;
    let mut client = Client::connect(front.address).await;
    let answer = client.get("/").await;
    assert_eq!(answer.status, 502);
    assert!(answer.body.contains("candidate track did not accept"), "{}", answer.body);
    let state = front.read().await;
    assert_eq!(state.candidate.counters.connect_failures, 1);
    assert_eq!(state.stable.counters.requests, 0, "a failure never moves to the other track");
    assert_eq!(old.requests(), 0);
}

#[tokio::test]
async fn a_dead_unit_beside_a_live_one_costs_nothing_but_is_counted() {
    let (live, dead) = (Unit::start("v1").await, dead_address().await);
    let front = Front::start().await;
    front.route(&[dead.into(), live.upstream], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    for _ in 0..20 {
        assert_eq!(client.post("/echo", "once").await.body, "once");
    }
    assert_eq!(live.requests(), 20);
    assert!(front.read().await.stable.counters.connect_failures >= 9);
}

/// Answers the first request of a connection and closes it when the second arrives: as seen from
/// the proxy, exactly the close of an idle connection that crosses a request on the wire.
async fn closes_under_the_second_request(seen: Arc<AtomicUsize>) -> Upstream {
    let address = scripted(move |_, mut stream| {
        let seen = seen.clone();
        async move {
            read_head(&mut stream).await;
            seen.fetch_add(1, Ordering::SeqCst);
            write_ok(&mut stream).await;
            let _ = stream.read_u8().await;
        }
    });
    address.await.into()
}

#[tokio::test]
async fn a_harmless_request_that_crosses_a_close_is_sent_again() {
    let seen = Arc::new(AtomicUsize::default());
    let front = Front::start().await;
    front.route(&[closes_under_the_second_request(seen.clone()).await], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    for number in 1..=100 {
        assert_eq!(client.get("/").await.status, 200, "request {number}");
    }
    assert_eq!(seen.load(Ordering::SeqCst), 100);
    assert_eq!(front.read().await.stable.counters.errors(), 0);
}

#[tokio::test]
async fn a_request_with_effects_that_crosses_a_close_is_not_sent_again() {
    for body in ["pay", ""] {
        let seen = Arc::new(AtomicUsize::default());
        let front = Front::start().await;
        front.route(&[closes_under_the_second_request(seen.clone()).await], &[], 0).await;
        let mut client = Client::connect(front.address).await;
        assert_eq!(client.get("/").await.status, 200);
        let answer = client.post("/", body).await;
        assert_eq!(answer.status, 502, "{answer:?}");
        assert!(answer.body.contains("stable track broke the connection"), "{}", answer.body);
        assert_eq!(front.read().await.stable.counters.broken, 1);
        assert_eq!(seen.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_pool_full_of_dying_connections_fails_nobody() {
    const CLIENTS: usize = 8;
    let together = Arc::new(tokio::sync::Barrier::new(CLIENTS));
    let address = scripted(move |number, mut stream| {
        let together = together.clone();
        async move {
            read_head(&mut stream).await;
            if number < CLIENTS {
                together.wait().await;
            }
            write_ok(&mut stream).await;
            let _ = stream.read_u8().await;
        }
    });
    let front = Front::start().await;
    front.route(&[address.await.into()], &[], 0).await;
    let mut answers = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let mut client = Client::connect(front.address).await;
        answers.spawn(async move { client.get("/").await });
    }
    let answers = within("the answers", answers.join_all()).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    let answer = Client::connect(front.address).await.get("/").await;
    assert_eq!(answer.status, 200, "one dying connection is enough: {answer:?}");
}

#[tokio::test]
async fn connections_are_kept_for_as_long_as_the_limit_says() {
    for (idle, connections) in [(Duration::from_mins(1), 1), (Duration::ZERO, 20)] {
        let made = Arc::new(AtomicUsize::default());
        let counted = made.clone();
        let address = scripted(move |_, mut stream| {
            counted.fetch_add(1, Ordering::SeqCst);
            async move {
                while read_head(&mut stream).await.ends_with("\r\n\r\n") {
                    write_ok(&mut stream).await;
                }
            }
        });
        let mut limits = Limits::default();
        limits.idle_upstream = idle;
        let front = Front::start_within(limits).await;
        front.route(&[address.await.into()], &[], 0).await;
        let mut client = Client::connect(front.address).await;
        for _ in 0..20 {
            assert_eq!(client.get("/").await.status, 200);
        }
        assert_eq!(made.load(Ordering::SeqCst), connections, "{idle:?}");
    }
}

#[tokio::test]
async fn a_connection_that_the_unit_closed_while_idle_is_not_used_even_with_effects() {
    let address = scripted(|_, mut stream| async move {
        read_head(&mut stream).await;
        let mut body = [0; 3];
        stream.read_exact(&mut body).await.expect("a body");
        write_ok(&mut stream).await;
    });
    let front = Front::start().await;
    front.route(&[address.await.into()], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    for number in 1..=100 {
        assert_eq!(client.post("/", "pay").await.status, 200, "request {number}");
    }
}

#[tokio::test]
async fn a_unit_that_never_answers_is_a_504() {
    let address = scripted(|_, mut stream| async move {
        let mut sink = Vec::new();
        let _ = stream.read_to_end(&mut sink).await;
    });
    let mut limits = Limits::default();
    limits.response_head = Duration::from_millis(50);
    let front = Front::start_within(limits).await;
    front.route(&[address.await.into()], &[], 0).await;
    let answer = Client::connect(front.address).await.get("/").await;
    assert_eq!(answer.status, 504);
    assert!(answer.body.contains("stable track did not begin a response"), "{}", answer.body);
    assert_eq!(front.read().await.stable.counters.timeouts, 1);
}

#[tokio::test]
async fn errors_of_a_unit_pass_through_and_are_counted() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let answer = Client::connect(front.address).await.get("/fail").await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (503, "broken on purpose"));
    assert_eq!(front.read().await.stable.counters.server_errors, 1);
}

#[tokio::test]
async fn a_response_that_breaks_off_is_seen_by_the_client_and_counted() {
    let address = scripted(|_, mut stream| async move {
        read_head(&mut stream).await;
        let part = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\npart";
        tokio::io::AsyncWriteExt::write_all(&mut stream, part).await.expect("sent");
    });
    let front = Front::start().await;
    front.route(&[address.await.into()], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    let request =
        crate::support::client::request(hyper::Method::GET, "/", crate::support::client::empty());
    let response = client.open(request).await;
    let whole = http_body_util::BodyExt::collect(response.into_body()).await;
    assert!(whole.is_err(), "a cut body never looks whole");
    assert_eq!(front.read().await.stable.counters.broken, 1);
}
