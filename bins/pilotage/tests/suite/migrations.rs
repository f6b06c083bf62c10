//! Expand migrations as a part of a deploy: lock, migrate, roll out, as one run.

use pilotage_testkit::wait::until;

use crate::place::{PILOTAGE, Place};

/// A place whose releases need what this script does.
fn place(script: &str) -> Place {
    let place = Place::new();
    let table = format!(
        "\n[env.local.migration]\nstate = \"state\"\nfiles = [\"db\"]\n\
         command = [\"sh\", \"-c\", {script:?}]\n"
    );
    place.configure("blue-green = {}", PILOTAGE, &table);
    write(&place, "db/1.py", "add a column");
    place
}

#[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
fn write(place: &Place, name: &str, text: &str) {
    let path = place.path().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

#[expect(clippy::disallowed_methods, reason = "a test reads what programs have left")]
fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).unwrap_or_default()
}

#[test]
fn a_release_serves_only_after_its_migrations_and_each_set_is_applied_once() {
    let place = place("echo migrated >> ran");
    place.expect("deploy --release v1", 0);
    assert_eq!(read(&place, "ran"), "migrated\n");
    place.expect("deploy --release v2", 0);
    assert_eq!(read(&place, "ran"), "migrated\n", "it is the same set");
    write(&place, "db/2.py", "add another");
    place.expect("deploy --release v3", 0);
    assert_eq!(read(&place, "ran"), "migrated\nmigrated\n", "there is a new one");
    assert!(place.expect("verify", 0).out.contains("exactly `v3`"));
}

#[test]
fn what_cannot_be_migrated_is_not_rolled_out() {
    let place = place("echo the column is there already; exit 3");
    let left = place.run("deploy --release v1");
    assert!(matches!(left.code, Some(1 | 6)), "{left:?}");
    assert!(left.err.contains("the column is there already"), "{left:?}");
    assert!(left.err.contains("exited with code 3"), "{left:?}");
}

#[test]
fn a_deploy_that_is_killed_while_it_migrates_is_gone_on_with() {
    let place = place("echo begun >> ran; until [ -e go ]; do sleep 0.02; done; echo done >> ran");
    let mut deploy = place.start("deploy --release v1");
    let ran = || read(&place, "ran");
    until("the migration to begin", || ran().contains("begun"), ran);
    deploy.kill().expect("it is there");
    deploy.wait().expect("it ends");
    write(&place, "go", "");
    place.expect("resume", 0);
    assert_eq!(read(&place, "ran"), "begun\ndone\n", "once");
    assert!(place.expect("verify", 0).out.contains("exactly `v1`"));
}

#[test]
fn files_that_change_after_the_plan_are_not_applied() {
    let place = place("echo migrated >> ran");
    place.expect("plan --release v1 --out plan.json", 0);
    write(&place, "db/2.py", "add another");
    let left = place.run("deploy --plan plan.json");
    assert_ne!(left.code, Some(0), "{left:?}");
    assert!(left.err.contains("not those that were planned"), "{left:?}");
    assert_eq!(read(&place, "ran"), "");
}

#[test]
fn a_command_whose_input_nobody_knows_is_refused() {
    let place = Place::new();
    let table = "\n[env.local.migration]\ncommand = [\"true\"]\n";
    place.configure("blue-green = {}", PILOTAGE, table);
    let left = place.expect("deploy --release v1", 2);
    assert!(left.err.contains("name its input"), "{left:?}");
}
