//! `WebSocket`s through whole deploys: they live until the end of the drain, and are closed
//! properly.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pilotage_host::local::Client;

use crate::place::Place;

/// The variable that makes this very test program the service.
const SERVE: &str = "SERVE_SOCKETS";
/// Far longer than any deploy here; reached only by a failing test.
const DEADLINE: Duration = Duration::from_mins(1);
/// Far longer than a deploy takes until it stops the first unit.
const DRAIN: Duration = Duration::from_secs(4);
/// Close with code 1001, going away, and with a mask of zeros as a client sends it.
const CLOSE: [u8; 4] = [0x88, 2, 0x03, 0xe9];
const ANSWER: [u8; 8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9];
/// A masked text of one byte, and the same as a service sends it.
const PING: [u8; 7] = [0x81, 0x81, 0, 0, 0, 0, b'.'];
const ECHO: [u8; 3] = [0x81, 1, b'.'];

/// Not a test but the service of the others, in processes of its own.
#[test]
fn serves_if_it_is_told_to() {
    if variable(SERVE).is_none() {
        return;
    }
    let port = variable("PORT").and_then(|port| port.parse().ok()).expect("a port");
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("it is free");
    for stream in listener.incoming().map_while(Result::ok) {
        // Whoever hangs up is none of its business.
        std::thread::spawn(move || drop(converse(stream)));
    }
}

#[expect(clippy::disallowed_methods, reason = "the service under test is told by its environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn converse(mut stream: TcpStream) -> io::Result<()> {
    let head = read_head(&mut stream)?;
    let release = variable("PILOTAGE_RELEASE").unwrap_or_default();
    if !head.to_lowercase().contains("upgrade: websocket") {
        let answer = format!(
            "HTTP/1.1 200 OK\r\nx-pilotage-release: {release}\r\nconnection: close\r\n\
             content-length: 0\r\n\r\n"
        );
        return stream.write_all(answer.as_bytes());
    }
    let upgraded = format!(
        "HTTP/1.1 101 Switching Protocols\r\nx-pilotage-release: {release}\r\n\
         connection: upgrade\r\nupgrade: websocket\r\n\r\n"
    );
    stream.write_all(upgraded.as_bytes())?;
    let mut frame = [0; PING.len()];
    while stream.read_exact(&mut frame).is_ok() && frame == PING {
        stream.write_all(&ECHO)?;
    }
    // What is no text is the close, and is answered with one.
    stream.write_all(&CLOSE)
}

fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// How long a socket lived and how it ended.
type Life = (Duration, io::Result<[u8; 4]>);

/// A socket that talks all the time, until it is closed.
fn talk(address: SocketAddr) -> JoinHandle<Life> {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a length of time");
    let request = "GET /socket HTTP/1.1\r\nhost: shop\r\nconnection: Upgrade\r\n\
                   upgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let head = read_head(&mut stream).expect("an answer");
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let began = now();
    std::thread::spawn(move || {
        let end = until_closed(&mut stream);
        (began.elapsed(), end)
    })
}

fn until_closed(stream: &mut TcpStream) -> io::Result<[u8; 4]> {
    loop {
        stream.write_all(&PING)?;
        let mut frame = [0; ECHO.len()];
        stream.read_exact(&mut frame)?;
        if frame != ECHO {
            let mut last = [0];
            stream.read_exact(&mut last)?;
            stream.write_all(&ANSWER)?;
            return Ok([frame[0], frame[1], frame[2], last[0]]);
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

#[expect(clippy::disallowed_methods, reason = "a test measures how long a connection lives")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::main(flavor = "current_thread")]
async fn address(place: &Place) -> SocketAddr {
    let greeting = Client::new(place.service()).hello().await.expect("it runs");
    greeting.address.expect("it tells")
}

fn shipping(strategy: &str) -> Place {
    let place = Place::new();
    let program = std::env::current_exe().expect("this program");
    let arguments = ["--exact", "sockets::serves_if_it_is_told_to"];
    place.ship(strategy, &program.to_string_lossy(), &arguments, "");
    place.replace("size = 1", "size = 2");
    place.replace("prove = \"8s\"", "prove = \"8s\", drain = \"4s\"");
    place.replace("health = \"/health\"", "health = \"/health\"\nenv.SERVE_SOCKETS = \"1\"");
    place.expect("deploy --release v1", 0);
    place
}

fn live_until_the_end_of_the_drain(strategy: &str) {
    let place = shipping(strategy);
    let address = address(&place);
    let sockets: Vec<_> = (0..6).map(|_| talk(address)).collect();
    place.expect("deploy --release v2", 0);
    for socket in sockets {
        let (lived, end) = socket.join().expect("no panic");
        assert_eq!(end.expect("a proper close"), CLOSE, "after {lived:?}");
        assert!(lived >= DRAIN, "it was closed after {lived:?}");
    }
}

#[test]
fn a_rolling_update_lets_them_live_until_the_end_of_the_drain() {
    live_until_the_end_of_the_drain("rolling = { batches = 2 }");
}

#[test]
fn a_switch_lets_them_live_until_the_end_of_the_drain() {
    live_until_the_end_of_the_drain("blue-green = {}");
}
