//! The proxy's own bounds and its own end.

use hyper::Method;
use pilotage_host::proxy::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::client::{Client, empty, read, request};
use crate::support::front::Front;
use crate::support::unit::Unit;
use crate::support::within;

async fn raw(front: &Front, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(front.address).await.expect("the proxy listens");
    stream.write_all(request).await.expect("sent");
    let mut answer = String::new();
    within("the end of the connection", stream.read_to_string(&mut answer)).await.expect("text");
    answer
}

#[tokio::test]
async fn without_a_route_every_request_is_refused_politely() {
    let front = Front::start().await;
    let answer = Client::connect(front.address).await.get("/").await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("no unit is routed to"), "{}", answer.body);
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let unit = Unit::start("v1").await;
    let mut limits = Limits::default();
    limits.head_bytes = 8 * 1024;
    let front = Front::start_within(limits).await;
    front.route(&[unit.upstream], &[], 0).await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(16 * 1024));
    let answer = raw(&front, long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(unit.requests(), 0);
}

#[tokio::test]
async fn a_client_that_dawdles_over_its_head_is_cut_off() {
    let mut limits = Limits::default();
    limits.client_head = std::time::Duration::from_millis(50);
    let front = Front::start_within(limits).await;
    for start in [&b"P"[..], b"GET / HTTP/1.1\r\n"] {
        let answer = raw(&front, start).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test]
async fn two_lengths_in_one_request_smuggle_nothing() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let smuggled = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\
                     transfer-encoding: chunked\r\nconnection: close\r\n\r\n\
                     0\r\n\r\nGET /fail HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = raw(&front, smuggled).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(unit.requests() <= 1);
}

#[tokio::test]
async fn forwarding_fields_tell_the_unit_who_asked() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let seen = Client::connect(front.address).await.get("/seen?a=b").await.body;
    for field in [
        "/seen?a=b",
        "\"x-forwarded-for\": \"127.0.0.1\"",
        "\"x-forwarded-proto\": \"http\"",
        "\"x-forwarded-host\": \"shop.example\"",
    ] {
        assert!(seen.contains(field), "{field} in {seen}");
    }
}

#[tokio::test]
async fn a_proxy_that_stops_finishes_what_is_in_flight() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    let address = front.address;
    front.route(&[unit.upstream], &[], 0).await;
    let mut client = Client::connect(address).await;
    let idle = Client::connect(address).await;
    let streaming = client.open(request(Method::GET, "/stream", empty())).await;
    let stopping = tokio::spawn(front.stop());
    let refused = || async { TcpStream::connect(address).await.is_err() };
    crate::support::eventually("the listener to close", refused).await;
    unit.finish();
    assert_eq!(read(streaming).await.body, "first last");
    within("the proxy to stop", stopping).await.expect("no panic");
    drop(idle);
}
