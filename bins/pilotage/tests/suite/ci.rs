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
        assert!(log.contains("forged"), "it can still be read: {log}");
        let commands = if system == "TF_BUILD" { agents(&log) } else { runners(&log) };
        assert_eq!(commands, Vec::<&str>::new(), "{log}");
    }
}

/// The commands of the unit that an Azure agent would obey: it finds them anywhere in a line.
fn agents(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("##vso[task.complete")).collect()
}

/// The commands of the unit that a GitHub runner would obey: at the start of a line, unless they
/// are stopped.
fn runners(log: &str) -> Vec<&str> {
    let mut stopped = false;
    let mut obeyed = Vec::new();
    for line in log.lines().map(str::trim_start) {
        stopped = line.starts_with("::stop-commands::") || stopped;
        stopped = !line.starts_with("::pilotage-") && stopped;
        if !stopped && line.starts_with("::error::forged") {
            obeyed.push(line);
        }
    }
    obeyed
}
