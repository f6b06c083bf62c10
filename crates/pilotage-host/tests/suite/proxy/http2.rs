//! HTTP/2 with prior knowledge, on either side.

use hyper::{Method, Request};
use pilotage_host::router::{Protocol, Track};

use crate::support::client::{Body, Client, connect_h2c, empty, full, read, request};
use crate::support::front::Front;
use crate::support::unit::Unit;

fn absolute(method: Method, path: &str, body: Body) -> Request<Body> {
    let mut request = request(method, &format!("http://shop.example{path}"), body);
    request.headers_mut().remove("host");
    request
}

#[tokio::test]
async fn an_h2c_client_reaches_units_of_both_protocols() {
    for protocol in [Protocol::Http1, Protocol::H2c] {
        let unit = Unit::start_speaking("v1", protocol).await;
        let front = Front::start().await;
        front.route(&[unit.upstream], &[], 0).await;
        let mut client = connect_h2c(front.address).await;
        let mut answers = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let sent = client.send_request(absolute(Method::POST, "/echo", full("twice")));
            answers.spawn(async move { read(sent.await.expect("a response")).await });
        }
        for answer in answers.join_all().await {
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "twice"));
            assert_eq!(answer.release.as_deref(), Some("v1"));
        }
        let seen = client.send_request(absolute(Method::GET, "/seen", empty())).await;
        let seen = read(seen.expect("a response")).await.body;
        assert!(seen.contains("\"x-forwarded-host\": \"shop.example\""), "{protocol:?}: {seen}");
    }
}

#[tokio::test]
async fn an_http1_client_reaches_an_h2c_unit_and_switches_away() {
    let old = Unit::start_speaking("v1", Protocol::H2c).await;
    let new = Unit::start("v2").await;
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 0).await;
    let mut client = Client::connect(front.address).await;
    assert_eq!(client.post("/echo", "one").await.body, "one");
    front.route(&[old.upstream], &[new.upstream], 10_000).await;
    assert_eq!(client.get("/").await.body, "v2");
    front.drained(Track::Stable).await;
}

#[tokio::test]
async fn a_stream_on_a_shared_connection_lives_through_a_switch() {
    let old = Unit::start_speaking("v1", Protocol::H2c).await;
    let new = Unit::start("v2").await;
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 0).await;
    let mut client = connect_h2c(front.address).await;
    let streaming = client.send_request(absolute(Method::GET, "/stream", empty())).await;
    front.route(&[new.upstream], &[], 0).await;
    let beside = client.send_request(absolute(Method::GET, "/", empty())).await;
    assert_eq!(read(beside.expect("a response")).await.body, "v2");
    old.finish();
    assert_eq!(read(streaming.expect("a response")).await.body, "first last");
}
