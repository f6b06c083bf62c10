//! Deploys, and what comes after them.

use pilotage_testkit::fake::ecs::Trouble;
use serde_json::Value;

use crate::place::{Place, deploy, image};

#[test]
fn a_release_is_deployed_and_once_more_it_is_unchanged() {
    let place = Place::new();
    let left = place.expect(&deploy(2), 0);
    assert!(left.err.contains("deployed: exactly `v2` serves"), "{left:?}");
    assert_eq!(place.serves(), Some(image(2)));
    let writes = |action| place.fake.called(action);
    assert_eq!((writes("RegisterTaskDefinition"), writes("UpdateService")), (1, 1));
    let again = place.expect(&deploy(2), 0);
    assert!(again.err.contains("unchanged"), "{again:?}");
    assert_eq!((writes("RegisterTaskDefinition"), writes("UpdateService")), (1, 1));
    place.expect("verify", 0);
}

#[test]
fn a_release_comes_back_by_its_name_or_as_the_last_good_one() {
    let place = Place::new();
    place.expect(&deploy(2), 0);
    place.expect(&deploy(3), 0);
    assert_eq!(place.serves(), Some(image(3)));
    place.expect("rollback", 0);
    assert_eq!(place.serves(), Some(image(2)));
    assert_eq!(place.fake.called("RegisterTaskDefinition"), 2, "revisions are used again");
    place.expect("rollback --to td.web.1", 0);
    assert_eq!(place.serves(), Some(image(1)));
}

#[test]
fn what_cannot_be_pulled_ends_in_the_old_release_and_with_the_cause() {
    let place = Place::new();
    place.fake.world(|world| world.troubles.insert(image(2), Trouble::NoImage));
    let left = place.expect(&deploy(2), 1);
    assert!(left.err.contains("CannotPullContainerError"), "{left:?}");
    assert_eq!(place.serves(), Some(image(1)));
}

#[test]
fn a_plan_is_kept_and_applied_elsewhere_or_refused() {
    let place = Place::new();
    let images = format!("--release v2 --image web={}", image(2));
    place.expect(&format!("plan {images} --out plan.json"), 0);
    assert_eq!(place.fake.called("RegisterTaskDefinition"), 0, "a plan writes nothing");
    let other = format!("deploy --plan plan.json --image web={}", image(3));
    let left = place.expect(&other, 6);
    assert!(left.err.contains("is not what the service would get now"), "{left:?}");
    place.expect(&format!("deploy --plan plan.json --image web={}", image(2)), 0);
    assert_eq!(place.serves(), Some(image(2)));
}

#[test]
fn machines_are_told_in_json_what_people_are_told() {
    let place = Place::new();
    let left = place.expect(&format!("{} --json", deploy(2)), 0);
    let last = left.out.lines().last().expect("a line");
    let last: Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(last["event"], "finished");
    assert_eq!(last["exit_code"], 0);
    let status = place.expect("status --json", 0);
    let status: Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!(status["target"], "web-prod");
    assert_eq!(status["unfinished"], Value::Null);
    let history = place.expect("history", 0);
    assert!(history.out.contains("v2"), "{history:?}");
}

#[test]
fn a_release_is_named_after_what_it_contains() {
    let place = Place::new();
    place.configure(
        "cluster = \"shop\"",
        &format!("[env.prod.artifact]\nimages = {{ web = \"{}\" }}", image(2)),
    );
    let left = place.expect("deploy", 0);
    assert!(left.err.contains("deployed: exactly `r-"), "{left:?}");
    assert_eq!(place.serves(), Some(image(2)));
}
