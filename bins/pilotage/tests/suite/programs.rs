//! Programs that are wrong in every way that a program can be: what is said, what is left.

use crate::place::{Left, Place};

/// Deploys this over a release that is well, which must be back afterwards.
fn refused(place: &Place) -> Left {
    let left = place.expect("deploy --release v2", 1);
    assert!(left.err.contains("reverted, the old release serves"), "{left:?}");
    assert!(place.expect("verify", 0).out.contains("exactly `v1`"));
    left
}

fn serving() -> Place {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    place
}

/// A name that no header can hold, so that none is given.
const NAMELESS: &[&str] = &["--release", "some\nbody"];

/// What is said of the bundled service with these options.
fn said_of(options: &[&str]) -> String {
    let place = serving();
    place.flawed("blue-green = {}", options, "");
    refused(&place).err
}

#[test]
fn one_that_exits_at_once() {
    let said = said_of(&["--exit-at-once"]);
    assert!(said.contains("exited with code 1"), "{said}");
    assert!(said.contains("told to exit at once"), "its last words: {said}");
}

#[test]
fn one_that_crashes_again_and_again() {
    let place = serving();
    place.ship_script("echo 'no database'; sleep 0.1; exit 3");
    let said = refused(&place).err;
    assert!(said.contains("exited with code 3") && said.contains("no database"), "{said}");
    assert_eq!(said.matches("of v2 said:").count(), 1, "its last words, once: {said}");
}

#[test]
fn one_that_answers_health_from_the_old_version() {
    let said = said_of(&["--release", "v0"]);
    assert!(said.contains("release `v0` answers in place of `v2`"), "{said}");
}

#[test]
fn one_that_never_listens() {
    let place = serving();
    place.ship_script("exec sleep 60");
    let said = refused(&place).err;
    assert!(said.contains("does not accept connections"), "{said}");
}

#[test]
fn one_that_never_becomes_ready() {
    let said = said_of(&["--never-ready"]);
    assert!(said.contains("answered with status 503, not with 2xx"), "{said}");
}

#[test]
fn one_that_names_no_release_and_was_not_said_to() {
    let said = said_of(NAMELESS);
    assert!(said.contains("named no release: send `x-pilotage-release: v2`"), "{said}");
    assert!(said.contains("identity = \"if-named\""), "{said}");
}

#[test]
fn one_that_cannot_name_its_release_is_taken_at_its_word_if_that_was_said() {
    let place = Place::new();
    let lenient = "[env.local.artifact]\nidentity = \"if-named\"";
    place.flawed("blue-green = {}", NAMELESS, "");
    place.replace("[env.local.artifact]", lenient);
    place.expect("deploy --release v1", 0);
    place.flawed("blue-green = {}", &["--release", "v1"], "");
    place.replace("[env.local.artifact]", lenient);
    let left = place.expect("deploy --release v2", 1);
    assert!(left.err.contains("release `v1` answers in place of `v2`"), "{left:?}");
}

#[test]
fn one_that_is_slow_to_start_is_waited_for() {
    let place = serving();
    place.flawed("blue-green = {}", &["--slow-start", "2"], "");
    place.expect("deploy --release v2", 0);
}
