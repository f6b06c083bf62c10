//! Events that no run accepts, each with its error.

use pilotage_judge::Reading;
use pilotage_rollout::gate::Inconclusive;
use pilotage_rollout::run::{Answer, Illegal};
use pilotage_rollout::target::{Fence, Outcome, Schema};
use pilotage_rollout::{Effect, Event, Moment};

use crate::fixtures::*;
use crate::scenarios;
use crate::voyage::{Voyage, aborted};

/// One event of each kind that answers an effect, with the name that errors give it.
fn answers() -> [(&'static str, Event); 7] {
    [
        ("acted", Event::Acted(Outcome::Applied)),
        ("observed", Event::Observed(Ok(v1_serves()))),
        ("inspected", Event::Inspected(Ok(Schema::Applied))),
        ("probed", Event::Probed(Ok(()))),
        ("measured", Event::Measured(vec![])),
        ("answered", Event::Answered(Answer::Pending)),
        ("woke", Event::Woke),
    ]
}

/// What comes from outside, with the name that errors give it.
fn outside() -> [(&'static str, Event); 4] {
    [
        ("aborted", aborted()),
        ("interrupted", Event::Interrupted),
        ("lease lost", Event::LeaseLost { reason: "gone".into() }),
        ("resumed", Event::Resumed { fence: Fence(99), dangling: false }),
    ]
}

fn answers_to(effect: &Effect) -> &'static str {
    match effect {
        Effect::Act(_) => "acted",
        Effect::Observe => "observed",
        Effect::Inspect => "inspected",
        Effect::Probe(_) => "probed",
        Effect::Measure { .. } => "measured",
        Effect::Ask { .. } => "answered",
        Effect::Wait { .. } => "woke",
        Effect::Finish => "nothing",
    }
}

#[test]
fn only_the_answer_to_what_was_asked_is_accepted() {
    let mut asked = std::collections::BTreeSet::new();
    let mut voyage = scenarios::everything();
    while voyage.run.verdict().is_none() {
        let expected = answers_to(voyage.run.effect());
        asked.insert(expected);
        for (event, given) in answers().into_iter().filter(|(name, _)| *name != expected) {
            assert_eq!(voyage.illegal(&given), Illegal::NotAsked { event }, "to {expected}");
        }
        voyage.step();
    }
    assert_eq!(asked.len(), 7, "every effect was met: {asked:?}");
}

#[test]
fn a_wrong_answer_names_itself() {
    let voyage = scenarios::everything();
    assert_eq!(
        told(&voyage.illegal(&Event::Woke)),
        "`woke` does not answer what the run asked for"
    );
}

fn all_events() -> Vec<(&'static str, Event)> {
    answers().into_iter().chain(outside()).collect()
}

#[test]
fn nothing_reaches_a_run_that_is_over() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.sail();
    for (event, given) in all_events() {
        assert_eq!(voyage.illegal(&given), Illegal::Ended { event });
    }
    assert_eq!(
        told(&voyage.illegal(&Event::Woke)),
        "`woke` reached a run that is over: start a new one"
    );
}

#[test]
fn a_run_that_stands_still_is_only_resumed_or_given_up() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.feed(Event::Interrupted);
    for (event, given) in all_events() {
        if !matches!(event, "resumed" | "aborted") {
            assert_eq!(voyage.illegal(&given), Illegal::Parked { event });
        }
    }
    assert_eq!(
        told(&voyage.illegal(&Event::Woke)),
        "`woke` reached a run that stands still: it must be resumed first"
    );
}

#[test]
fn the_clock_never_runs_backwards() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.now = START + secs(5);
    voyage.feed(Event::Acted(Outcome::Applied));
    let before = Moment::from_millis(START.as_millis() + 4_999);
    let seen = Event::Observed(Ok(v1_serves()));
    let error = voyage.run.clone().advance(before, &seen).unwrap_err();
    assert_eq!(
        told(&error),
        "an event at 1004999 ms lies before the last one at 1005000 ms: the clock jumped back; \
         the driver must go on from the journal's time"
    );
    assert!(voyage.run.clone().advance(voyage.now, &seen).is_ok(), "the same moment is fine");
}

#[test]
fn a_run_is_resumed_only_under_a_higher_fence() {
    let working = scenarios::rollback();
    let mut parked = working.clone();
    parked.feed(Event::Interrupted);
    for voyage in [working, parked] {
        for fence in [7, 8] {
            let event = Event::Resumed { fence: Fence(fence), dangling: false };
            assert_eq!(
                told(&voyage.illegal(&event)),
                format!(
                    "resumed under fence #{fence}, which is not above #8: acquire the lease first"
                )
            );
        }
    }
}

fn measuring() -> Voyage {
    let gates = [judging(comparing_panel(), Inconclusive::Revert)];
    let mut voyage = scenarios::deploy(canary(&[10], &gates));
    voyage.until("the judge", |voyage| matches!(voyage.run.effect(), Effect::Measure { .. }));
    voyage
}

#[test]
fn readings_must_fit_the_panel() {
    assert_eq!(
        told(&measuring().illegal(&Event::Measured(vec![]))),
        "the readings do not fit the judge's panel: 0 readings for 1 rules: give one reading per \
         rule, in their order"
    );
    let gauge = Reading::Gauge { stable: 1.0, candidate: 1.0 };
    assert_eq!(
        told(&measuring().illegal(&Event::Measured(vec![gauge]))),
        "the readings do not fit the judge's panel: `errors` is judged by its event counts and was \
         given a gauge: give a ratio"
    );
}
