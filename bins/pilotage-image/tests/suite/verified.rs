//! What `cargo xtask release verify --record` asks of a record that this binary has made.

use pilotage_release::{Desk, Evidence};

use crate::place::{DRAFT, Place};

/// A repository whose release is recorded; and the id of the record.
fn released() -> (Place, String) {
    let place = Place::new();
    place.git(&["init", "--quiet", "-b", "main", "."]);
    place.write("VERSION", "1.4.0\n");
    place.write("release.toml", "files = [\"VERSION\"]\n");
    place.git(&["add", "VERSION", "release.toml"]);
    place.git(&["commit", "--quiet", "-m", "feat: show prices"]);
    place.git(&["tag", "v1.4.0"]);
    let (commit, tree) = (place.git(&["rev-parse", "HEAD"]), place.git(&["rev-parse", "HEAD:"]));
    let draft = DRAFT.replace("0123456789abcdef0123456789abcdef01234567", &commit);
    place.write("draft.toml", &draft.replace("89abcdef0123456789abcdef0123456789abcdef", &tree));
    let id = record(&place);
    (place, id)
}

fn record(place: &Place) -> String {
    let created = place.expect("record create --draft draft.toml --key ci.pem --by ci", 0);
    created.out.trim().to_owned()
}

/// What is wrong with the record, of what was looked at.
fn problems(place: &Place, id: &str, store: &str) -> (usize, Vec<String>) {
    let desk = Desk::open(place.path(), "release.toml").expect("a line of releases");
    let (store, policy) = (place.path().join(store), place.path().join("promotion.toml"));
    let evidence = Evidence { root: place.path(), record: id, store: &store, policy: &policy };
    let checks = desk.verify_record(Some("1.4.0"), &evidence).expect("it can be read");
    (checks.len(), checks.into_iter().filter_map(|check| check.problem).collect())
}

#[test]
fn the_record_of_a_release_is_about_its_commit_and_its_files() {
    let (place, id) = released();
    assert_eq!(problems(&place, &id, ".pilotage/evidence"), (4, vec![]));
}

#[test]
fn the_record_of_another_commit_is_not_that_of_the_release() {
    let (place, _) = released();
    place.write("draft.toml", DRAFT);
    let (_, found) = problems(&place, &record(&place), ".pilotage/evidence");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("it is the record of 1.4.0 at 0123456789"), "{found:?}");
    assert!(found[1].contains("history or the record was rewritten"), "{found:?}");
}

#[test]
fn a_record_for_which_nobody_vouches_is_told() {
    let (place, _) = released();
    place.expect("record create --draft draft.toml --key ci.pem --by ci --out release.json", 0);
    let (_, found) = problems(&place, "release.json", "elsewhere");
    assert_eq!(found, ["nobody whom the policy trusts has signed `built` for it"]);
}
