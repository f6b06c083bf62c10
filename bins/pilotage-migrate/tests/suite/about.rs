//! What the program says about itself.

use crate::place::Place;

#[test]
fn help_names_every_verb_and_every_exit_code() {
    let help = Place::new().run(&["--help"]).expect(0, &[]).out;
    for verb in ["run", "exec", "lint", "status", "lock", "repair", "completions", "man"] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb} in {help}");
    }
    for code in ["0", "1", "2", "4", "5", "6", "7", "130"] {
        assert!(help.contains(&format!("\n  {code:<5}")), "{code} in {help}");
    }
    assert!(!help.contains("warden") && !help.contains("worker  "), "{help}");
}

#[test]
fn completions_and_manual_pages_come_from_the_definitions() {
    let place = Place::new();
    place.run(&["completions", "bash"]).expect(0, &["pilotage-migrate", "repair"]);
    place.run(&["man"]).expect(0, &[".TH pilotage-migrate"]);
    place.run(&["man", "exec"]).expect(0, &["PILOTAGE_FENCE"]);
    place.run(&["man", "fly"]).expect(6, &["there is no such verb"]);
}
