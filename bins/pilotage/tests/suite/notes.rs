//! Whoever is told of a run, and those who cannot be told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::place::{Left, PILOTAGE, Place, left};

const TOLD: &str = r#"
[[env.local.notify]]
kind = "webhook"
variable = "TELL_THIS"
"#;

/// Far longer than any delivery; reached only by a failing test.
const DEADLINE: Duration = Duration::from_mins(1);

/// A receiver on this machine, and the bodies that it takes.
fn receiver() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (taken, bodies) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let Some(body) = hear(stream) else { continue };
            if taken.send(body).is_err() {
                return;
            }
        }
    });
    (format!("http://{address}/SECRET"), bodies)
}

fn hear(mut stream: TcpStream) -> Option<String> {
    let (mut heard, mut bytes) = (Vec::new(), [0; 4_096]);
    while !heard.ends_with(b"}") {
        let count = stream.read(&mut bytes).ok().filter(|count| *count > 0)?;
        heard.extend_from_slice(bytes.get(..count)?);
    }
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()?;
    let text = String::from_utf8_lossy(&heard).into_owned();
    text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
}

fn deploy(place: &Place, release: &str, address: Option<&str>) -> Left {
    let mut command = place.command(&format!("deploy --release {release}"));
    match address {
        Some(address) => command.env("TELL_THIS", address),
        None => command.env_remove("TELL_THIS"),
    };
    left(command.output().expect("it runs"))
}

#[test]
fn people_are_told_of_the_beginning_and_the_end() {
    let (address, bodies) = receiver();
    let place = Place::new();
    place.configure("blue-green = {}", PILOTAGE, TOLD);
    let left = deploy(&place, "v1", Some(&address));
    assert_eq!(left.code, Some(0), "{left:?}");
    let told: Vec<Value> = (0..2)
        .map(|_| bodies.recv_timeout(DEADLINE).expect("a note"))
        .map(|body| serde_json::from_str(&body).expect("an object"))
        .collect();
    assert_eq!([&told[0]["event"], &told[1]["event"]], ["started", "deployed"]);
    assert_eq!(told[1]["target"], "shop-local");
    assert!(!left.err.contains("SECRET") && !left.err.contains("warning"), "{left:?}");
}

#[test]
fn what_is_to_be_done_next_is_told_as_it_is_typed() {
    let (address, bodies) = receiver();
    let place = Place::new();
    place.configure("blue-green = { before = [{ manual = \"well?\" }] }", PILOTAGE, TOLD);
    let left = deploy(&place, "v1", Some(&address));
    assert_eq!(left.code, Some(7), "{left:?}");
    let [_, last] = [(); 2].map(|()| bodies.recv_timeout(DEADLINE).expect("a note"));
    let told: Value = serde_json::from_str(&last).expect("an object");
    let next = told["next"].as_str().expect("a command");
    assert!(next.starts_with("pilotage resume --env local --run "), "{next}");
    assert!(left.err.contains(next), "people are told the same: {left:?}");
}

#[test]
fn one_that_never_answers_neither_fails_a_run_nor_holds_it_up() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/SECRET", silent.local_addr().expect("an address"));
    let place = Place::new();
    place.configure("blue-green = {}", PILOTAGE, TOLD);
    // A note is given up after ten seconds; the run does not wait for that.
    let left = deploy(&place, "v1", Some(&address));
    assert_eq!(left.code, Some(0), "{left:?}");
    assert!(left.err.contains("deployed: exactly `v1` serves"), "{left:?}");
    assert!(left.err.contains("warning"), "it is said: {left:?}");
    assert!(!left.err.contains("SECRET"), "{left:?}");
    let history = place.expect("history --json", 0);
    let history: Value = serde_json::from_str(&history.out).expect("an object");
    assert!(history["runs"][0]["seconds"].as_u64() < Some(8), "{history}");
}

#[test]
fn one_that_refuses_or_has_no_address_is_a_warning() {
    let place = Place::new();
    place.configure("blue-green = {}", PILOTAGE, TOLD);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/SECRET", nobody.local_addr().expect("an address"));
    drop(nobody);
    let refused = deploy(&place, "v1", Some(&address));
    assert_eq!(refused.code, Some(0), "{refused:?}");
    assert!(refused.err.contains("warning"), "{refused:?}");
    let unset = deploy(&place, "v2", None);
    assert_eq!(unset.code, Some(0), "{unset:?}");
    assert!(unset.err.contains("nobody is told by Webhook: `TELL_THIS` is not set"), "{unset:?}");
}
