//! What is wrong, not proven or not believed: what is said, and the exit code.

use crate::place::{AMD64, ARM64, Place, trivy};

#[test]
fn a_scan_of_another_image_is_refused_and_too_much_found_keeps_the_gate_closed() {
    let (place, id) = Place::recorded();
    place.write("report.json", &trivy(ARM64, 2));
    let add =
        format!("event add {id} --key ci.pem --by ci scanned --format trivy --report report.json");
    let refused = place.expect(&format!("{add} --platform {AMD64}"), 6);
    assert!(refused.err.contains("is about another image"), "{refused:?}");
    place.expect(&format!("{add} --platform {ARM64}"), 0);
    let closed = place.expect(&format!("gate explain {id} --env staging"), 6);
    assert!(closed.out.contains("2 critical (at most 0)"), "{closed:?}");
    let unknown = place.expect(&format!("{add} --platform linux/riscv64"), 2);
    assert!(unknown.err.contains("it has linux/amd64, linux/arm64"), "{unknown:?}");
}

#[test]
fn a_key_that_nobody_trusts_adds_nothing() {
    let (place, id) = Place::recorded();
    place.expect("key new --out stranger.pem", 0);
    let add = format!("event add {id} --scope prod --key stranger.pem --by bo");
    let refused = place.expect(&format!("{add} approved --role release-manager --for 1d"), 6);
    assert!(refused.err.contains("is not in the trust policy"), "{refused:?}");
    assert_eq!(place.expect(&format!("event list {id}"), 0).out.lines().count(), 1);
    let unsaid = format!("event add {id} --scope prod --key ci.pem --by ci rolled-back --reason x");
    let refused = place.expect(&unsaid, 6);
    assert!(refused.err.contains("may not say `rolled_back`"), "{refused:?}");
}

#[test]
fn what_is_said_in_the_wrong_chain_is_told_before_anything_is_signed() {
    let (place, id) = Place::recorded();
    let wrong = place.expect(&format!("event add {id} --key ci.pem --by ci deployed"), 2);
    assert!(wrong.err.contains("needs `--scope ENVIRONMENT`"), "{wrong:?}");
    let waived = "broke-glass --reason x --waive not_revoked --for 1h";
    let wrong =
        place.expect(&format!("event add {id} --scope prod --key ci.pem --by bo {waived}"), 2);
    assert!(wrong.err.contains("only these can be set aside"), "{wrong:?}");
}

#[test]
fn an_edited_record_is_refused() {
    let place = Place::new();
    place.expect("record create --draft draft.toml --key ci.pem --by ci --out release.json", 0);
    let shown = place.expect("record show release.json", 0);
    assert!(shown.out.contains("1.4.0"));
    place.write("edited.json", r#"{"version":"9.9.9"}"#);
    let refused = place.expect("record show edited.json", 6);
    assert!(refused.err.contains("holds no release record"), "{refused:?}");
    let missing = place.expect("record show missing.json", 2);
    assert!(missing.err.contains("missing.json cannot be read"), "{missing:?}");
    let unknown = format!("record show sha256:{}", "0".repeat(64));
    let unknown = place.expect(&unknown, 2);
    assert!(unknown.err.contains("holds no record"), "{unknown:?}");
    let short = place.expect("record show sha256:abc", 2);
    assert!(short.err.contains("no whole id") && short.err.contains("64 digits"), "{short:?}");
}

#[test]
fn a_draft_or_policy_with_an_unknown_key_is_told_with_its_place() {
    let place = Place::new();
    place.write("draft.toml", "versoin = \"1.0.0\"");
    let wrong = place.expect("record create --draft draft.toml --key ci.pem --by ci", 2);
    assert!(wrong.err.contains("draft.toml:1:1: unknown key `versoin`"), "{wrong:?}");
    assert!(wrong.err.contains("help: did you mean `version`?"), "{wrong:?}");
    place.write("promotion.toml", "[gates.environments.prod]\naproval = 1\n");
    let wrong = place.expect("record show x", 2);
    let said = "promotion.toml:2:1: in `gates.environments.prod`: unknown key `aproval`";
    assert!(wrong.err.contains(said), "{wrong:?}");
}

#[test]
fn a_draft_of_a_changed_work_tree_or_a_damaged_layout_is_refused() {
    let place = Place::new();
    let create = "record create --draft other.toml --key ci.pem --by ci";
    let draft = |from: &str, to: &str| {
        let text = crate::place::DRAFT.replace(from, to);
        place.write("other.toml", &text);
        place.expect(create, 2)
    };
    let dirty = draft("dirty = false", "dirty = true");
    assert!(dirty.err.contains("commit or stash"), "{dirty:?}");
    let gone = draft("layout = \"image\"", "layout = \"nowhere\"");
    assert!(gone.err.contains("nowhere"), "{gone:?}");
    let packed = draft("directory = \"cdk.out\"", "directory = \"nothing\"");
    assert!(packed.err.contains("output `assembly` cannot be packed"), "{packed:?}");
    let listed = place.expect("event list other.toml", 6);
    assert!(listed.err.contains("holds no release record"), "{listed:?}");
}

#[test]
fn a_failure_is_an_object_for_machines() {
    let place = Place::new();
    let failed = place.expect("record show missing.json --json", 2);
    let object: serde_json::Value = serde_json::from_str(&failed.out).expect("one object");
    assert_eq!((&object["event"], &object["exit_code"]), (&"failed".into(), &2.into()));
    assert!(object["because"][0].is_string(), "{object}");
}

#[test]
fn the_help_names_every_verb_and_exit_code() {
    let place = Place::new();
    let help = place.expect("--help", 0).out;
    for verb in
        ["version", "tags", "resolve", "tag", "copy", "promote", "key", "record", "event", "gate"]
    {
        assert!(help.contains(&format!("\n  {verb} ")), "{help}");
    }
    assert!(help.contains("6  refused"), "{help}");
    place.expect("", 2);
}
