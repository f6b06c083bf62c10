//! The lease, as people hold it and set it free.

use rustix::process::Signal;
use serde_json::Value;

use crate::place::Place;

#[test]
fn what_a_person_holds_no_job_takes() {
    let place = Place::new();
    place.run(&["lock", "show"]).expect(0, &["free; it was never taken"]);
    let hold = ["lock", "hold", "--by", "ada", "--reason", "audit of the ledger"];
    place.run(&hold).expect(0, &["on hold since", "ada holds it: audit of the ledger"]);
    place.run(&["lock", "hold", "--by", "bob", "--reason", "no"]).expect(5, &["ada holds it"]);
    // A person takes days: nobody waits for one unless told to.
    for verb in ["run", "exec"] {
        let left = place.script(&[verb], "touch ran").expect(5, &["ada holds it"]);
        assert!(!left.err.contains("waiting:"), "{}", left.err);
    }
    let patient = ["run", "--wait-for-hold", "1s"];
    let kept = place.script(&patient, "touch ran").expect(5, &["ada holds it"]);
    assert_eq!(kept.err.matches("waiting: ada holds it").count(), 1, "{}", kept.err);
    assert!(!place.path("ran").exists());
    place.run(&["lock", "release", "--by", "bob"]).expect(6, &["ada holds it", "--by 'ada'"]);
    place.run(&["lock", "release", "--by", "ada"]).expect(0, &["the hold is taken back"]);
    place.run(&["lock", "release", "--by", "ada"]).expect(0, &["nobody holds the lease"]);
    place.script(&["run"], "touch ran").expect(0, &["applied"]);
}

#[test]
fn a_lease_that_is_kept_elsewhere_is_looked_at_without_the_database() {
    let place = Place::new();
    let elsewhere = ["lock", "show", "--database", "SHOP_NOWHERE", "--lease"];
    place.run(&[&elsewhere[..], &["file"]].concat()).expect(0, &["free"]);
    place.run(&[&elsewhere[..], &["database"]].concat()).expect(2, &["`SHOP_NOWHERE` is not set"]);
}

#[test]
fn only_what_a_dead_owner_has_left_is_set_free() {
    let place = Place::new();
    let mut owner = place.start("said", &["exec", "--", "sh", "-c", "echo > begun; sleep 600"]);
    place.wait_for("begun", "\n");
    let shown = place.run(&["lock", "show", "--json"]).expect(0, &[]);
    let shown: Value = serde_json::from_str(&shown.out).expect("an object");
    let ticket = shown["lease"]["holder"]["ticket"].as_str().expect("a ticket").to_owned();
    owner.signal(Signal::KILL);
    owner.ended();
    let other = format!("99:{}", "0".repeat(32));
    place.run(&["lock", "release", "--ticket", &other]).expect(6, &["that ownership is over"]);
    place.run(&["lock", "release", "--ticket", &ticket]).expect(0, &["its owner is dead"]);
    place.run(&["lock", "show"]).expect(0, &["free; last: set free by a person"]);
    place.run(&["lock", "release", "--ticket", &ticket]).expect(0, &["nobody has the lease"]);
    place.run(&["lock", "release"]).expect(2, &["--by"]);
}

#[test]
fn leases_of_two_names_have_nothing_to_do_with_each_other() {
    let place = Place::new();
    place.run(&["lock", "hold", "--name", "a", "--by", "ada", "--reason", "x"]).expect(0, &[]);
    place.script(&["exec", "--name", "b"], "true").expect(0, &["applied"]);
    place.run(&["lock", "show", "--name", "../a"]).expect(2, &["cannot name a lease"]);
}
