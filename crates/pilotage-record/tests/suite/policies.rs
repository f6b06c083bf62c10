//! Policies that contradict themselves are refused with what helps.

use pilotage_record::gate::Gates;
use pilotage_record::trust::TrustPolicy;

fn refusal(text: &str) -> String {
    toml::from_str::<Gates>(text).expect_err("it contradicts itself").to_string()
}

#[test]
fn an_environment_comes_after_ones_that_are_there_and_not_after_itself() {
    let missing = refusal("[environments.prod]\nafter = [\"staging\"]");
    assert!(missing.contains("`staging`, which has no table"), "{missing}");
    let circle = refusal("[environments.a]\nafter = [\"b\"]\n[environments.b]\nafter = [\"a\"]");
    assert!(circle.contains("comes after itself"), "{circle}");
    let soak = refusal("[environments.a]\nsoak = \"1h\"");
    assert!(soak.contains("comes after no environment"), "{soak}");
}

#[test]
fn what_nobody_can_fulfil_is_refused() {
    let role = refusal("[environments.a]\napprovals = { count = 1, roles = [\"boss\"] }");
    assert!(role.contains("role `boss`, which nobody has"), "{role}");
    let few = refusal("[roles]\nboss = [\"bo\"]\n[environments.a]\napprovals = { count = 2 }");
    assert!(few.contains("2 approvals, and only 1 people"), "{few}");
    let never = refusal(
        "[environments.a]\nwindows = [{ days = [\"mon\"], from = \"16:00\", to = \"08:00\" }]",
    );
    assert!(never.contains("never open"), "{never}");
    let suites = refusal("[environments.a]\ntests = { suites = [], max_age = \"1d\" }");
    assert!(suites.contains("names no suite"), "{suites}");
}

#[test]
fn what_is_not_known_is_refused() {
    for text in [
        "[environments.a]\naproval = 1",
        "[environments.a]\nsoak = \"an hour\"",
        "[environments.release]",
        "[environments.a]\nscans = { max_age = \"1d\", critcal = 0 }",
        "[rules]\n[environments.a]",
    ] {
        assert!(toml::from_str::<Gates>(text).is_err(), "{text}");
    }
    assert!(toml::from_str::<TrustPolicy>("[[keys]]\nname = \"x\"").is_err());
}

#[test]
fn the_same_policy_has_the_same_digest_however_it_is_written() {
    let one: Gates = toml::from_str("[environments.a]\nafter = []\n[environments.b]").unwrap();
    let other: Gates = toml::from_str("environments = { b = {}, a = {} }").unwrap();
    assert_eq!(one.digest(), other.digest());
    assert!(one.digest().is_some());
    let third: Gates = toml::from_str("[environments.a]\n").unwrap();
    assert_ne!(one.digest(), third.digest());
}
