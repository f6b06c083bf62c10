//! Bad input: what is said, and the exit code.

use crate::place::{PILOTAGE, Place, command, left};

#[test]
fn an_unknown_key_of_the_target_is_told_with_its_place() {
    let place = Place::new();
    place.configure("blue-green = {}", PILOTAGE, "lissen = \"127.0.0.1:1\"");
    let left = place.expect("status", 2);
    assert!(left.err.contains("lissen") && left.err.contains("pilotage.toml:"), "{left:?}");
}

#[test]
fn an_address_without_a_number_is_told_with_an_example() {
    let place = Place::new();
    place.replace("127.0.0.1:0", "localhost");
    let left = place.expect("status", 2);
    assert!(left.err.contains("`localhost` is no address with a port"), "{left:?}");
    assert!(left.err.contains("pilotage.toml:") && left.err.contains("127.0.0.1:8080"), "{left:?}");
}

#[test]
fn a_missing_program_is_told_before_anything_is_done() {
    let place = Place::new();
    place.configure("blue-green = {}", "./not-built-yet", "");
    let left = place.expect("deploy --release v1", 2);
    assert!(left.err.contains("not-built-yet") && left.err.contains("build it"), "{left:?}");
    assert_eq!(place.expect("history", 0).out.trim(), "", "no run was begun");
}

#[test]
fn an_artifact_that_is_not_the_planned_one_is_refused() {
    let place = Place::new();
    place.expect("plan --release v1 --out plan.json", 0);
    place.configure("blue-green = {}", "/bin/true", "");
    let left = place.expect("deploy --plan plan.json --release v1", 6);
    assert!(left.err.contains("the artifact is not the one that `v1` was planned for"), "{left:?}");
    assert!(left.err.contains("plan again"), "{left:?}");
    assert_eq!(place.expect("history", 0).out.trim(), "", "no run was begun");
}

#[test]
fn an_address_of_a_chat_is_not_repeated_when_it_is_in_the_wrong_place() {
    let place = Place::new();
    let told =
        "[[env.local.notify]]\nkind = \"slack\"\nvariable = \"https://hooks.example/SECRET\"";
    place.configure("blue-green = {}", PILOTAGE, told);
    let left = place.expect("status", 2);
    assert!(left.err.contains("not the name of an environment variable"), "{left:?}");
    assert!(!left.err.contains("SECRET"), "{left:?}");
}

#[test]
fn another_content_under_the_same_name_is_refused() {
    let place = Place::new();
    place.expect("deploy --release v1", 0);
    place.configure("blue-green = {}", "/bin/true", "");
    let left = place.expect("deploy --release v1", 6);
    assert!(left.err.contains("v1"), "{left:?}");
}

#[test]
fn the_help_shows_the_demonstration_and_nothing_that_is_hidden() {
    let help = left(command().arg("--help").output().expect("it runs"));
    assert_eq!(help.code, Some(0));
    assert!(help.out.contains("\n  demo "), "{}", help.out);
    assert!(!help.out.contains("hostd") && !help.out.contains("demo-service"), "{}", help.out);
    for hidden in ["hostd", "demo-service"] {
        let help = left(command().args([hidden, "--help"]).output().expect("it runs"));
        assert_eq!(help.code, Some(0), "{hidden}");
    }
}
