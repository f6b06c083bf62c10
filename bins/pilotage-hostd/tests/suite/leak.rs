//! The leak campaign: what stands in the environment of whoever starts the daemon is in nothing that
//! the daemon says or keeps.

use std::process::{Command, Stdio};

use pilotage_testkit::leak::Tour;

#[expect(clippy::disallowed_methods, reason = "the program under test is a process")]
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-hostd"));
    command.stdin(Stdio::null());
    command
}

#[test]
fn nothing_of_the_environment_is_shown_or_kept_however_it_fails() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path().join("service");
    let place = place.to_str().expect("text");
    let mut tour = Tour::new(&command);
    let canary = tour.plant("the environment of whoever starts it");
    let address = format!("postgres://deploy:{}@db.example/shop", canary.plain());
    let variables = [
        ("API_TOKEN", canary.plain()),
        ("SHOP_URL", address.as_str()),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
    ];
    for args in [
        &["--dir", "relative"][..],
        &["--dir", place],
        &["--dir", place, "--listen", "192.0.2.1:1"],
        &["--dir", "/dev/null/x", "--listen", "127.0.0.1:0"],
        &["--version"],
        &["--nonsense"],
    ] {
        tour.go(args, &variables);
    }
    tour.look_into(directory.path(), &|_| false);
    tour.nothing_leaked();
}

#[test]
fn the_campaign_finds_what_the_daemon_repeats() {
    let mut tour = Tour::new(&command);
    let canary = tour.plant("an argument");
    tour.go(&["--dir", canary.plain()], &[]);
    assert!(tour.leaks().iter().any(|leak| leak.sink.contains("stderr")));
}
