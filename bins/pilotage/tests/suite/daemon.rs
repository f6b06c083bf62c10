//! The daemon gone, of another version, or somebody else's; and the address taken.

use std::io::{self, Write};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;

use pilotage_host::local::Client;
use rustix::process::{Pid, Signal, kill_process};

use crate::place::Place;

#[tokio::main(flavor = "current_thread")]
async fn kill_daemon(place: &Place) {
    let greeting = Client::new(place.service()).hello().await.expect("it runs");
    let pid = greeting.pid.and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    kill_process(pid.expect("a pid"), Signal::KILL).expect("it is ours");
}

#[test]
fn a_daemon_that_is_gone_is_started_again_and_finds_everything() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    kill_daemon(&place);
    assert!(place.expect("verify", 0).out.contains("exactly `v1`"));
    kill_daemon(&place);
    place.expect("deploy --release v2", 0);
}

#[test]
fn a_daemon_of_another_version_is_left_alone() {
    let place = Place::new();
    let service = place.service();
    std::fs::create_dir(service.path()).expect("made");
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(service.path(), private).expect("ours");
    let listener = UnixListener::bind(service.socket()).expect("bound");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            // A client that hangs up is none of its business; until it does it is listened to, for
            // whoever leaves before that takes back what it has said.
            let _ = writeln!(stream, r#"{{"hello":{{"protocol":2,"version":"7.0.0"}}}}"#)
                .and_then(|()| io::copy(&mut stream, &mut io::sink()));
        }
    });
    let left = place.expect("status", 6);
    assert!(left.err.contains("the daemon is version 7.0.0 and speaks protocol 2"), "{left:?}");
    assert!(left.err.contains("end the daemon with its own version"), "{left:?}");
}

#[test]
fn an_address_that_is_taken_is_named_with_what_helps() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    place.replace("127.0.0.1:0", &address);
    let left = place.expect("deploy --release v1", 6);
    assert!(left.err.contains(&format!("cannot listen on {address}")), "{left:?}");
    assert!(left.err.contains("end whatever holds it"), "{left:?}");
}

#[test]
fn a_socket_of_somebody_else_is_not_spoken_to() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("not run: a_socket_of_somebody_else_is_not_spoken_to: only root can give away");
        return;
    }
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let socket = place.service().socket();
    chown(&socket, Some(65_534), None).expect("root");
    let left = place.expect("status", 6);
    assert!(left.err.contains("belongs to user 65534"), "{left:?}");
    chown(&socket, Some(0), None).expect("root");
}
