//! Smoke checks of the candidate, by request and by command.

use crate::place::Place;

/// What the service is gone over with.
const CHECKS: &str = r#"
[env.local.checks]
page.http = { path = "/", identity = "required" }
script.command = { program = "./smoke.sh", args = ["now"], env = { TOKEN = "hunter2-hunter2" } }
"#;

fn page(via: &str, attempts: u8) -> String {
    let settings = format!(r#"via = "{via}", attempts = {attempts}, interval = "100ms""#);
    format!(r#"{{ smoke = {{ check = "page", {settings} }} }}"#)
}

const SCRIPT: &str =
    r#"{ smoke = { check = "script", via = "preview", attempts = 1, interval = "100ms" } }"#;

fn blue_green(before: &[&str], after: &[&str]) -> String {
    format!("blue-green = {{ before = [{}], after = [{}] }}", before.join(","), after.join(","))
}

#[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the script")]
fn script(place: &Place, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = place.path().join("smoke.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("ours");
}

#[test]
fn a_candidate_that_passes_on_its_preview_and_in_production_is_deployed() {
    let place = Place::new();
    script(&place, "test \"$1 $PILOTAGE_RELEASE\" = 'now v1' && test -n \"$PILOTAGE_ADDRESS\"");
    let strategy = blue_green(&[&page("preview", 1), SCRIPT], &[&page("production", 1)]);
    place.configure(&strategy, crate::place::PILOTAGE, CHECKS);
    let left = place.expect("deploy --release v1", 0);
    assert_eq!(left.err.matches("the smoke check passed").count(), 3, "{left:?}");
}

#[test]
fn a_candidate_that_fails_is_taken_back_with_what_was_seen() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let strategy = blue_green(&[&page("preview", 2)], &[]);
    place.flawed(&strategy, &["--fail-percent", "100"], CHECKS);
    let left = place.expect("deploy --release v2", 1);
    assert!(left.err.contains("smoke check `page` failed"), "{left:?}");
    assert!(left.err.contains("answered with status 500"), "{left:?}");
    assert_eq!(left.err.matches("the smoke check failed").count(), 2, "both attempts: {left:?}");
    assert!(place.expect("verify", 0).out.contains("exactly `v1`"));
}

#[test]
fn a_command_that_fails_says_its_last_words_and_no_secret() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    script(&place, "echo \"no cart for $TOKEN\"; exit 3");
    place.configure(&blue_green(&[SCRIPT], &[]), crate::place::PILOTAGE, CHECKS);
    let left = place.expect("deploy --release v2", 1);
    assert!(left.err.contains("no cart for [secret:TOKEN]"), "{left:?}");
    assert!(!left.err.contains("hunter2"), "{left:?}");
}

#[test]
fn a_flaky_candidate_passes_if_it_has_an_attempt_left() {
    let place = Place::new();
    // Every second page fails, beginning with the second.
    let two = [page("preview", 1), page("preview", 2)];
    let strategy = blue_green(&[&two[0], &two[1]], &[]);
    place.flawed(&strategy, &["--fail-percent", "50"], CHECKS);
    let left = place.expect("deploy --release v1", 0);
    assert_eq!(left.err.matches("the smoke check failed").count(), 1, "{left:?}");
    assert_eq!(left.err.matches("the smoke check passed").count(), 2, "{left:?}");
}

#[test]
fn with_a_tenth_of_the_traffic_it_is_still_the_candidate_that_is_checked() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let step =
        |gate: &str| format!(r#"canary = {{ steps = [{{ traffic = "10%", gates = [{gate}] }}] }}"#);
    place.flawed(&step(&page("production", 1)), &["--fail-percent", "100"], CHECKS);
    let left = place.expect("deploy --release v2", 1);
    assert!(left.err.contains("answered with status 500"), "{left:?}");
    place.configure(&step(&page("production", 1)), crate::place::PILOTAGE, CHECKS);
    place.expect("deploy --release v3", 0);
}
