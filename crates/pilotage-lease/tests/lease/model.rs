//! Every interleaving of the protocol, within the scenarios of a minute.

use pilotage_testkit::model::{Breach, Plant, Scenario, explore};

#[test]
fn every_promise_holds_among_two() {
    hold(|scenario| scenario.processes == 2);
}

#[test]
fn every_promise_holds_among_three() {
    hold(|scenario| scenario.processes == 3);
}

#[expect(clippy::print_stdout, reason = "the number of states is shown to who asks for it")]
fn hold(which: impl Fn(&Scenario) -> bool) {
    for scenario in Scenario::SHORT.iter().filter(|scenario| which(scenario)) {
        let report = explore(scenario);
        println!("{report}");
        assert_eq!(report.breach, None, "{report}");
        assert!(report.ends > 0, "nobody ever came to an end: {report}");
    }
}

#[test]
fn a_protocol_that_is_broken_on_purpose_is_found_out() {
    for plant in Plant::ALL {
        let report = explore(&Scenario::with(plant));
        println!("{report}");
        let (breach, way) = report.breach.unwrap_or_else(|| panic!("{plant:?} was not noticed"));
        assert!(!way.is_empty());
        if plant == Plant::FenceOnWriteOnly {
            assert_eq!(breach, Breach::LostUpdate, "no stale write, and yet one is lost");
        }
    }
}
