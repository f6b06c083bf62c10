//! Where the state of runs is kept.

use crate::place::Place;

#[test]
fn what_needs_not_be_made_is_said() {
    let place = Place::new();
    let left = place.expect("state create", 0);
    assert!(left.err.contains("nothing is to be made"), "{left:?}");
    let help = place.expect("state create --help", 0);
    assert!(help.out.contains("DynamoDB"), "{help:?}");
    let left = place.expect("state create --env test", 2);
    assert!(left.err.contains("prod"), "{left:?}");
}

#[test]
fn a_table_that_cannot_be_named_is_refused() {
    let place = Place::new();
    for (state, words) in [
        ("{ dynamodb = \"a b\" }", "a b-journals"),
        ("{ s3 = \"shop\" }", "s3://<bucket>/<folder>"),
        ("{ disk = \"x\" }", "directory"),
    ] {
        place.configure("cluster = \"shop\"", "");
        let text = crate::place::read(place.path());
        place.write("pilotage.toml", &text.replace("{ directory = \"state\" }", state));
        let left = place.expect("status", 2);
        assert!(left.err.contains(words), "{state}: {left:?}");
    }
}
