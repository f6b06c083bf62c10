//! A sample of everything that can go wrong.

use pilotage_rollout::Verdict;
use pilotage_testkit::sim::explore::{exhaust_one, hunt, swarm};
use pilotage_testkit::sim::{Bug, Choices, Ending, Kind, Scenario, Tape, trial};

#[test]
fn random_runs_keep_every_promise() {
    let report = swarm(0..20_000, None);
    assert_eq!(report.violations, 0, "{report}");
    assert_eq!(report.runs, 20_000);
    let missed = report.marks.missed();
    assert!(missed.len() <= 4, "most situations occur even in a small sample, not: {missed:?}");
}

#[test]
fn every_single_fault_keeps_every_promise_in_every_scenario() {
    for scenario in Scenario::matrix() {
        let report = exhaust_one(scenario, 1, None);
        assert_eq!(report.violations, 0, "{scenario}: {report}");
        assert!(report.runs > 50, "{scenario}: only {} runs", report.runs);
    }
}

#[test]
fn every_pair_with_a_death_keeps_every_promise_where_nothing_is_simple() {
    let scenario: Scenario = "ecs.blue-green.2.plain.normal.good.good".parse().unwrap();
    let report = exhaust_one(scenario, 2, None);
    assert_eq!(report.violations, 0, "{report}");
    assert!(report.runs > 10_000, "only {} runs", report.runs);
}

#[test]
fn an_autoscaler_that_wants_fewer_units_never_turns_a_good_release_back() {
    for kind in Kind::ALL {
        for when in 1..=12 {
            let text = format!("{kind}.rolling.3.plain.normal.good.good!world@{when}=7");
            let tape: Tape = text.parse().unwrap();
            let (ended, ..) = trial(tape.scenario, Choices::tape(&tape.deviations), None, None);
            let verdict =
                ended.map(|ending| matches!(ending, Ending::Over(Verdict::Deployed { .. })));
            assert_eq!(verdict.ok(), Some(true), "{text}");
        }
    }
}

#[test]
fn every_planted_bug_is_caught() {
    for bug in Bug::ALL {
        let found = hunt(*bug);
        let caught = found.caught.unwrap_or_else(|| panic!("{bug} is not caught: {}", bug.about()));
        let (again, ..) =
            trial(caught.tape.scenario, Choices::tape(&caught.tape.deviations), Some(*bug), None);
        assert_eq!(again.unwrap_err().violation.invariant, caught.violation.invariant, "{bug}");
    }
}

#[test]
fn the_same_tape_is_the_same_run() {
    for seed in 0..200 {
        let scenario = Scenario::draw(seed);
        let (mut first, mut again) = (Vec::new(), Vec::new());
        let (ended, stats, marks, choices) =
            trial(scenario, Choices::random(seed), None, Some(&mut first));
        let tape = Tape { scenario, deviations: choices.deviations().to_vec() };
        let tape: Tape = tape.to_string().parse().unwrap();
        let replayed = Choices::tape(&tape.deviations);
        let repeated = trial(tape.scenario, replayed, None, Some(&mut again));
        assert_eq!((ended, stats, marks), (repeated.0, repeated.1, repeated.2), "{tape}");
        assert_eq!(first, again, "{tape}");
    }
}

#[test]
fn every_kind_of_target_is_drawn() {
    for kind in Kind::ALL {
        assert!((0..200).any(|seed| Scenario::draw(seed).kind == *kind), "{kind}");
    }
}

#[test]
fn what_is_no_tape_says_why() {
    for (text, reason) in [
        ("", "there is no `!`"),
        ("ecs!", "a scenario has seven parts"),
        ("ecs.canary.3.plain.normal.good.nice!", "`nice` is unknown"),
        ("ecs.canary.3.plain.normal.good.good!write", "no `@`"),
        ("ecs.canary.3.plain.normal.good.good!rain@1=1", "no label `rain`"),
        ("ecs.canary.3.plain.normal.good.good!write@x=1", "`x` is no number"),
    ] {
        let error = text.parse::<Tape>().unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}
