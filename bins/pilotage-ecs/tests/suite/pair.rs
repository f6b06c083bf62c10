//! Two services behind one rule, from the command line.

use crate::place::{Place, deploy, image};

const AT_ONCE: &str = "strategy.blue-green = {}";

#[test]
fn requests_are_to_move_to_the_other_service() {
    let place = Place::pair(AT_ONCE);
    let left = place.expect(&deploy(2).replace("deploy", "plan"), 0);
    for words in ["3 units, 0 % of the traffic", "3 units, 100 % of the traffic", "then 0 units"] {
        assert!(left.out.contains(words) || left.err.contains(words), "{words}: {left:?}");
    }
    let status = place.expect("status", 0);
    assert!(status.out.contains("3 of 3 units, 100 % of the traffic"), "{status:?}");
    assert_eq!(place.runs("blue"), [(image(1), 3)], "a plan changes nothing");
    assert_eq!(place.fake.called("ModifyRule"), 0);
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
