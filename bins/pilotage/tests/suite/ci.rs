//! What a step of a CI job shows: the verdict once, and nothing from outside as a command.

use crate::place::{Place, left};

fn deploy(place: &Place, system: &str, release: &str) -> (Option<i32>, String) {
    let mut command = place.command(&format!("deploy --release {release}"));
    let left = left(command.env(system, "true").output().expect("it runs"));
    (left.code, left.err)
}

#[test]
fn the_verdict_is_said_once() {
    let place = Place::new();
    for (system, release) in [("GITHUB_ACTIONS", "v1"), ("TF_BUILD", "v2")] {
        let (code, log) = deploy(&place, system, release);
        assert_eq!(code, Some(0), "{log}");
        let verdict = format!("deployed: exactly `{release}` serves");
        assert_eq!(log.lines().filter(|line| **line == verdict).count(), 1, "{log}");
        assert!(log.contains("group"), "{log}");
    }
}

#[test]
fn what_a_unit_says_is_no_command_in_the_verdict_either() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let shell = "echo '::error::forged'; echo '##vso[task.complete result=Failed]'; exit 1";
    place.ship_script(shell);
    for (system, release) in [("GITHUB_ACTIONS", "v2"), ("TF_BUILD", "v3")] {
        let (code, log) = deploy(&place, system, release);
        assert_eq!(code, Some(1), "{log}");
        let mut stopped = false;
        for line in log.lines() {
            let command = line.trim_start();
            if command.starts_with("::stop-commands::") {
                stopped = true;
            } else if command.starts_with("::pilotage-") {
                stopped = false;
            }
            assert!(stopped || !command.starts_with("::error::forged"), "{log}");
            let is_theirs = system == "GITHUB_ACTIONS" || !line.contains("##vso[task.complete");
            assert!(is_theirs, "{log}");
        }
    }
}
