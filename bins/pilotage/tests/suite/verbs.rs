//! The life of a service on this machine, verb by verb.

use serde_json::Value;

use crate::place::{Place, left};

fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap_or_default()).expect("an object")
}

#[test]
fn a_service_is_deployed_looked_at_rolled_back_and_explained() {
    let place = Place::new();
    let planned = place.expect("plan --release v1", 0);
    assert!(planned.out.contains("v1"), "{planned:?}");
    let first = place.expect("deploy --release v1", 0);
    assert!(first.err.contains("deployed: exactly `v1` serves"), "{first:?}");
    assert_eq!(first.err.matches("deployed: ").count(), 1, "said once: {first:?}");
    let again = place.expect("deploy --release v1", 0);
    assert!(again.err.contains("unchanged"), "{again:?}");
    let second = json(&place.expect("deploy --release v2 --json", 0).out);
    assert_eq!(second["event"], "finished", "{second}");
    let status = place.expect("status", 0).out;
    assert!(
        status.contains("`v2`") && status.contains("address     http://127.0.0.1:"),
        "{status}"
    );
    place.expect("rollback --quiet", 0);
    let verified = place.expect("verify", 0);
    assert!(verified.out.contains("exactly `v1`"), "{verified:?}");
    let history = place.expect("history", 0).out;
    assert_eq!(history.lines().count(), 3, "{history}");
    assert!(history.lines().next().is_some_and(|line| line.contains("roll back to `v1`")));
    let report = place.expect("report", 0).out;
    assert!(report.starts_with("<!doctype html>") && report.contains("v1"), "it is a page");
}

#[test]
fn a_release_that_nobody_names_is_named_after_its_content() {
    let place = Place::new();
    let first = place.expect("deploy", 0);
    assert!(first.err.contains("deployed: exactly `r-"), "{first:?}");
    let again = place.expect("deploy", 0);
    assert!(again.err.contains("unchanged: `r-"), "{again:?}");
}

#[test]
fn two_runs_at_once_are_one_run() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let soak = r#"canary = { steps = [{ traffic = "50%", gates = [{ soak = "3s" }] }] }"#;
    place.configure(soak, crate::place::PILOTAGE, "");
    let mut first = place.until("deploy --release v2", "stay healthy for 3s, at most");
    let second = place.expect("deploy --release v3", 5);
    for word in ["process ", ", run `2", "`, for "] {
        assert!(second.err.contains(word), "it says who has it, at what, since when: {second:?}");
    }
    let status = place.expect("status", 0);
    let owner = status.out.lines().find(|line| line.starts_with("owner")).expect("a line");
    assert!(owner.contains(", run `2") && owner.contains("(since 2"), "{owner}");
    assert!(first.wait().expect("it ends").success());
    assert!(place.expect("verify", 0).out.contains("exactly `v2`"));
    assert!(place.expect("status", 0).out.contains("owner       nobody"));
}

#[test]
fn of_two_that_begin_together_one_wins_and_the_other_is_busy() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    let soak = r#"blue-green = { after = [{ soak = "3s" }] }"#;
    place.configure(soak, crate::place::PILOTAGE, "");
    let both = ["v2", "v3"].map(|release| place.start(&format!("deploy --release {release}")));
    let both = both.map(|child| left(child.wait_with_output().expect("it ends")));
    let mut codes = [&both[0], &both[1]].map(|left| left.code);
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(5)], "{both:?}");
}
