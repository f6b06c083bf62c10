//! Two services behind one rule, from the command line.

use crate::place::{Place, deploy, image};

const AT_ONCE: &str = "strategy.blue-green = {}";

#[test]
fn requests_move_to_the_other_service_and_back() {
    let place = Place::pair(AT_ONCE);
    let left = place.expect(&deploy(2), 0);
    assert!(left.err.contains("deployed: exactly `v2` serves"), "{left:?}");
    assert_eq!(place.runs("green"), [(image(2), 3)]);
    assert_eq!(place.runs("blue"), [], "the old one is stopped");
    place.expect(&deploy(3), 0);
    assert_eq!(place.runs("blue"), [(image(3), 3)]);
    place.expect("rollback", 0);
    assert_eq!(place.runs("green"), [(image(2), 3)]);
    assert_eq!(place.runs("blue"), []);
}

#[test]
fn what_makes_no_pair_is_told() {
    let place = Place::pair(AT_ONCE);
    let text = crate::place::read(place.path());
    for (from, to, words) in [
        ("\"green\", group", "\"blue\", group", "both services of the pair are"),
        ("route = \"arn", "route = \"nra", "the route cannot be named"),
        ("route =", "preview =", "needs a `route`"),
        ("pair = [", "service = \"web\"\npair = [", "either one `service`"),
    ] {
        place.write("pilotage.toml", &text.replace(from, to));
        let left = place.expect("status", 2);
        assert!(left.err.contains(words), "{to}: {left:?}");
    }
}
