//! A release on its way from the build to production.

use crate::place::{AMD64, ARM64, Place, manifest, trivy};
use pilotage_artifact::Digest;

/// What `--json` printed.
fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("one object")
}

#[test]
fn a_release_goes_to_production_when_all_that_is_asked_for_is_proven() {
    let (place, id) = Place::recorded();
    let closed = place.expect(&format!("gate explain {id} --env staging"), 6);
    assert!(
        closed.out.contains("unknown tests       `unit` was not run on linux/amd64"),
        "{closed:?}"
    );
    assert!(closed.out.contains("to pass: run `unit` on linux/arm64 and report it"), "{closed:?}");

    for platform in [AMD64, ARM64] {
        place.write("report.json", &trivy(platform, 0));
        let tested = format!("tested --suite unit --platform {platform} --result passed");
        place.say(&id, "release", "ci", &format!("{tested} --report report.json"));
        let scanned = format!("scanned --platform {platform} --format trivy --report report.json");
        place.say(&id, "release", "ci", &scanned);
    }
    place.expect(&format!("gate explain {id} --env staging"), 0);

    place.say(&id, "staging", "ci", "deployed");
    place.say(&id, "staging", "ci", "verified --result passed");
    let closed = place.expect(&format!("gate explain {id} --env prod"), 6);
    assert!(closed.out.contains("0 of 1 approvals"), "{closed:?}");
    place.say(&id, "prod", "bo", "approved --role release-manager --for 1d");
    let open = place.expect(&format!("gate explain {id} --env prod --json"), 0);
    assert_eq!(json(&open.out)["entry"], "open");

    place.say(&id, "staging", "ci", "verified --result failed");
    let closed = place.expect(&format!("gate explain {id} --env prod"), 6);
    assert!(closed.out.contains("failed its verification in `staging`"), "{closed:?}");
    let waived = "broke-glass --reason 'the shop is down' --waive upstream --for 1h";
    place.say(&id, "prod", "bo", waived);
    let open = place.expect(&format!("gate explain {id} --env prod"), 0);
    assert!(open.out.contains("open by broken glass") && open.out.contains("waived"), "{open:?}");

    place.say(&id, "release", "ci", "revoked --reason leaks");
    place.expect(&format!("gate explain {id} --env prod"), 6);
    place.expect(&format!("record verify {id}"), 0);
}

#[test]
fn a_record_shows_what_it_binds_together() {
    let (place, id) = Place::recorded();
    let shown = place.expect(&format!("record show {id}"), 0).out;
    assert!(shown.contains(&id) && shown.contains("v1.4.0, number 17"), "{shown}");
    let amd64 = Digest::of(manifest(AMD64).as_bytes()).to_string();
    assert!(shown.contains(&amd64) && shown.contains("0007_add_email"), "{shown}");
    let shown = json(&place.expect(&format!("record show {id} --json"), 0).out);
    assert_eq!(shown["content"]["outputs"][0]["name"], "assembly");
    assert_eq!(shown["record"], id.as_str());
}

#[test]
fn a_record_is_checked_from_its_file() {
    let place = Place::new();
    place.expect("record create --draft draft.toml --key ci.pem --by ci --out release.json", 0);
    let verified = place.expect("record verify release.json --json", 0);
    let verified = json(&verified.out);
    assert_eq!((&verified["vouched_for_by"], &verified["events"]), (&"ci".into(), &1.into()));
    // Elsewhere nobody vouches for it.
    place.expect("record verify release.json --store elsewhere", 6);
}

#[test]
fn what_was_said_is_listed_and_a_summary_can_be_signed() {
    let (place, id) = Place::recorded();
    place.say(&id, "prod", "bo", "held --reason 'a campaign'");
    let listed = place.expect(&format!("event list {id}"), 0).out;
    let kinds: Vec<_> = listed.lines().filter_map(|line| line.split_whitespace().nth(3)).collect();
    assert_eq!(kinds, ["built", "held"], "{listed}");
    let summary =
        format!("gate explain {id} --env prod --summary-for registry.example/web --key ci.pem");
    let closed = place.expect(&summary, 6);
    assert!(closed.err.contains("signed the summary sha256:"), "{closed:?}");
}

#[test]
fn keys_of_both_kinds_can_be_made_and_shown() {
    let place = Place::new();
    for algorithm in ["ed25519", "ecdsa-p256"] {
        let made =
            place.expect(&format!("key new --out {algorithm}.pem --algorithm {algorithm}"), 0);
        let shown = place.expect(&format!("key show {algorithm}.pem"), 0);
        assert_eq!(made.out, shown.out);
        assert!(made.out.starts_with("-----BEGIN PUBLIC KEY-----"), "{made:?}");
        assert!(made.err.contains(&format!("key {algorithm}:sha256:")), "{made:?}");
    }
}
