//! Tunnels live through a switch and are closed properly at the end of a drain.

use pilotage_host::router::{Router, Track};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::front::Front;
use crate::support::unit::{Unit, read_head, scripted};
use crate::support::websocket::{CLOSE, GOING_AWAY, Message, TEXT, open, receive, send};
use crate::support::within;

const MASK: Option<[u8; 4]> = Some([7, 11, 13, 17]);

fn close_frame() -> Message {
    Message { opcode: CLOSE, payload: GOING_AWAY.to_vec() }
}

#[tokio::test]
async fn a_websocket_survives_a_switch_and_gets_a_proper_close() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[new.upstream], 0).await;
    let (mut socket, head) = open(front.address).await;
    assert!(head.starts_with("HTTP/1.1 101") && head.contains("x-pilotage-release: v1"), "{head}");
    front.route(&[old.upstream], &[new.upstream], 10_000).await;
    for text in ["still", "here"] {
        send(&mut socket, TEXT, text.as_bytes(), MASK).await.expect("open");
        let echo = within("the echo", receive(&mut socket)).await.expect("a frame");
        assert_eq!((echo.opcode, echo.payload.as_slice()), (TEXT, text.as_bytes()));
    }
    let load = front.read().await.stable.units[0];
    assert_eq!((load.requests, load.tunnels), (0, 1));
    let (proxy, unit) = (front.proxy.clone(), old.upstream);
    let closing = tokio::spawn(async move { proxy.close_tunnels(unit).await });
    assert_eq!(within("the close", receive(&mut socket)).await, Some(close_frame()));
    send(&mut socket, CLOSE, &GOING_AWAY, MASK).await.expect("open");
    assert_eq!(within("the end", receive(&mut socket)).await, None);
    let closed = within("the tunnels to close", closing).await.expect("no panic");
    assert_eq!(closed.expect("in this process"), 1);
    assert_eq!(front.read().await.stable.in_flight(), 0);
}

#[tokio::test]
async fn a_close_waits_for_the_end_of_a_frame() {
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let told = std::sync::Mutex::new(Some(told));
    let address = scripted(move |_, mut stream| {
        let told = told.lock().expect("unpoisoned").take();
        async move {
            read_head(&mut stream).await;
            let head = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\
                         upgrade: websocket\r\n\r\n";
            stream.write_all(head).await.expect("sent");
            stream.write_all(&[0x81, 6, b'h', b'a', b'l']).await.expect("sent");
            told.expect("one connection").await.expect("told");
            stream.write_all(b"vesNOT THIS").await.expect("sent");
            assert_eq!(receive(&mut stream).await, Some(close_frame()), "the unit is told as well");
        }
    })
    .await;
    let front = Front::start().await;
    front.route(&[address.into()], &[], 0).await;
    let (mut socket, _) = open(front.address).await;
    let mut half = [0; 5];
    within("half a frame", socket.read_exact(&mut half)).await.expect("open");
    let proxy = front.proxy.clone();
    let mut closing = tokio::spawn(async move { proxy.close_tunnels(address.into()).await });
    tokio::task::yield_now().await;
    assert!(!closing.is_finished());
    tell.send(()).expect("waiting");
    let mut rest = [0; 3];
    within("the rest", socket.read_exact(&mut rest)).await.expect("open");
    assert_eq!(&rest, b"ves");
    assert_eq!(within("the close", receive(&mut socket)).await, Some(close_frame()));
    drop(socket);
    let closed = within("the tunnels to close", &mut closing).await.expect("no panic");
    assert_eq!(closed.expect("in this process"), 1);
}

#[tokio::test]
async fn a_websocket_closed_by_its_client_ends_quietly() {
    let unit = Unit::start("v1").await;
    let front = Front::start().await;
    front.route(&[unit.upstream], &[], 0).await;
    let (mut socket, _) = open(front.address).await;
    send(&mut socket, CLOSE, &1000_u16.to_be_bytes(), MASK).await.expect("open");
    let answer = within("the answer", receive(&mut socket)).await.expect("a frame");
    assert_eq!((answer.opcode, answer.payload), (CLOSE, 1000_u16.to_be_bytes().to_vec()));
    drop(socket);
    front.drained(Track::Stable).await;
}

#[tokio::test]
async fn a_unit_that_leaves_the_table_keeps_its_tunnels_until_it_is_told() {
    let (old, new) = (Unit::start("v1").await, Unit::start("v2").await);
    let front = Front::start().await;
    front.route(&[old.upstream], &[], 0).await;
    let (mut socket, _) = open(front.address).await;
    front.route(&[new.upstream], &[], 0).await;
    send(&mut socket, TEXT, b"still here", MASK).await.expect("open");
    let echo = within("the echo", receive(&mut socket)).await.expect("a frame");
    assert_eq!((echo.opcode, echo.payload.as_slice()), (TEXT, &b"still here"[..]));
    let leaving = front.read().await.leaving;
    assert!(matches!(leaving[..], [load] if load.tunnels == 1), "{leaving:?}");
    let (proxy, unit) = (front.proxy.clone(), old.upstream);
    let closing = tokio::spawn(async move { proxy.close_tunnels(unit).await });
    assert_eq!(within("the close", receive(&mut socket)).await, Some(close_frame()));
    drop(socket);
    let closed = within("the tunnels to close", closing).await.expect("no panic");
    assert_eq!(closed.expect("in this process"), 1);
}
