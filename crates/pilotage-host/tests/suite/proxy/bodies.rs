//! Bodies are streamed, and live through a switch.

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::Method;
use pilotage_host::router::Track;

use crate::support::client::{Body, Client, empty, read, request};
use crate::support::front::Front;
use crate::support::unit::Unit;
use crate::support::within;

/// A body that is sent as the test says.
fn fed() -> (Sender<Bytes, hyper::Error>, Body) {
    let (feed, body) = Channel::new(1);
    (feed, body.boxed())
}

#[tokio::test]
async fn a_long_response_finishes_where_it_began() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 0).await;
    let mut client = Client::connect(front.address).await;
    let mut streaming = client.open(request(Method::GET, "/stream", empty())).await;
    let first = within("the first chunk", streaming.body_mut().frame()).await;
    assert_eq!(first.expect("open").expect("whole").into_data().expect("data"), "first ");
    front.route(&[old.upstream], &[new.upstream], 10_000).await;
    assert_eq!(front.read().await.stable.in_flight(), 1);
    assert_eq!(Client::connect(front.address).await.get("/").await.body, "v2");
    old.finish();
    let rest = read(streaming).await;
    assert_eq!((rest.body.as_str(), rest.release.as_deref()), ("last", Some("v1")));
    front.drained(Track::Stable).await;
    assert_eq!(client.get("/").await.body, "v2", "on the same client connection");
}

#[tokio::test]
async fn a_long_upload_finishes_where_it_began_and_is_not_gathered() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 0).await;
    let mut client = Client::connect(front.address).await;
    let (mut feed, body) = fed();
    let mut echo = client.open(request(Method::POST, "/echo", body)).await;
    feed.send_data(Bytes::from_static(b"one ")).await.expect("open");
    let first = within("the echo of an unfinished body", echo.body_mut().frame()).await;
    assert_eq!(first.expect("open").expect("whole").into_data().expect("data"), "one ");
    front.route(&[old.upstream], &[new.upstream], 10_000).await;
    feed.send_data(Bytes::from_static(b"two")).await.expect("open");
    drop(feed);
    let rest = read(echo).await;
    assert_eq!((rest.body.as_str(), rest.release.as_deref()), ("two", Some("v1")));
    assert_eq!(new.requests(), 0);
    front.drained(Track::Stable).await;
}

#[tokio::test]
async fn a_large_body_arrives_whole_both_ways() {
    const CHUNKS: usize = 512;
    const CHUNK: &[u8] = &[b'x'; 32 * 1024];
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    let (mut feed, body) = fed();
    let feeding = tokio::spawn(async move {
        for _ in 0..CHUNKS {
            feed.send_data(Bytes::from_static(CHUNK)).await.expect("open");
        }
    });
    let echo = client.send(request(Method::POST, "/echo", body)).await;
    feeding.await.expect("fed");
    assert_eq!(echo.body.len(), CHUNKS * CHUNK.len());
}

#[tokio::test]
async fn a_client_that_leaves_frees_its_place() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let mut client = Client::connect(front.address).await;
    let streaming = client.open(request(Method::GET, "/stream", empty())).await;
    assert_eq!(front.read().await.stable.in_flight(), 1);
    drop((streaming, client));
    front.drained(Track::Stable).await;
    assert_eq!(front.read().await.stable.counters.errors(), 0, "not held against the unit");
}
