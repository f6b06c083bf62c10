//! Gates: what passes them, what fails them, and what waits in front of them.

use pilotage_judge::Reading;
use pilotage_rollout::gate::{Inconclusive, Via};
use pilotage_rollout::run::{Answer, Why};
use pilotage_rollout::target::Outcome;
use pilotage_rollout::{Cause, Effect, Event, Span, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::voyage::{Voyage, reverted};

pub(crate) const OLD_SERVES: [(&str, u16, u16); 1] = [("v1", 4, 100)];

pub(crate) fn held_by(gate: pilotage_rollout::gate::Gate) -> Voyage {
    scenarios::deploy(canary(&[10], &[gate]))
}

pub(crate) fn deployed() -> Verdict {
    Verdict::Deployed { release: id("v2") }
}

/// How long the candidate had a tenth of the traffic.
pub(crate) fn time_at_a_tenth(voyage: &mut Voyage) -> u64 {
    voyage.until("a tenth", |voyage| voyage.toy.share("v2") == percent(10));
    let since = voyage.now;
    voyage.until("more", |voyage| voyage.toy.share("v2") != percent(10));
    voyage.now.since(since).as_millis()
}

#[test]
fn a_soak_lasts_as_long_as_it_says() {
    for span in [5, 17] {
        let lasted = time_at_a_tenth(&mut held_by(soak(secs(span))));
        assert!((span * 1_000..span * 1_000 + 6_000).contains(&lasted), "{span}s: {lasted} ms");
    }
}

#[test]
fn soaks_in_a_row_add_up() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(5)), soak(secs(7))]));
    let lasted = time_at_a_tenth(&mut voyage);
    assert!((12_000..19_000).contains(&lasted), "{lasted} ms");
}

#[test]
fn a_smoke_check_is_tried_again_as_often_as_the_plan_says() {
    let mut voyage = held_by(smoke(Via::Production, 3));
    voyage.toy.smoke_failures = 2;
    assert_eq!(voyage.sail(), deployed());
    let mut voyage = held_by(smoke(Via::Production, 3));
    voyage.toy.smoke_failures = 3;
    let cause = Cause::Smoke { check: "front page".into(), reason: "502".into() };
    assert_eq!(reverted(voyage.sail()), cause);
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_smoke_check_is_not_tried_again_at_once() {
    let mut voyage = held_by(smoke(Via::Production, 3));
    voyage.toy.smoke_failures = 2;
    let mut probes = Vec::new();
    while voyage.run.verdict().is_none() {
        if matches!(voyage.run.effect(), Effect::Probe(_)) {
            probes.push(voyage.now);
        }
        voyage.step();
    }
    assert_eq!(probes.len(), 3);
    assert!(probes.windows(2).all(|pair| pair[1].since(pair[0]) >= secs(2)), "{probes:?}");
}

#[test]
fn each_smoke_check_has_its_own_attempts() {
    let gates = [smoke(Via::Production, 2), smoke(Via::Production, 2)];
    let mut voyage = scenarios::deploy(canary(&[10], &gates));
    for _ in gates {
        voyage.until("a check", |voyage| matches!(voyage.run.effect(), Effect::Probe(_)));
        voyage.toy.smoke_failures = 1;
        voyage.step();
        voyage.until("the next", |voyage| matches!(voyage.run.effect(), Effect::Probe(_)));
        voyage.step();
    }
    assert_eq!(voyage.sail(), deployed());
}

#[test]
fn a_smoke_check_before_the_switch_fails_without_any_traffic() {
    let mut voyage = scenarios::deploy(blue_green(vec![smoke(Via::Preview, 1)], vec![]));
    voyage.toy.smoke_failures = 1;
    reverted(voyage.sail());
    let traffic = |order: &String| order.contains("traffic");
    assert!(!voyage.toy.asked().iter().any(traffic), "{:?}", voyage.toy.asked());
}

#[test]
fn a_persons_yes_passes() {
    let mut voyage = held_by(manual());
    voyage.until("the question", |voyage| matches!(voyage.run.effect(), Effect::Ask { .. }));
    assert_eq!(voyage.run.effect(), &Effect::Ask { question: "ship it?".into() });
    assert_eq!(voyage.sail(), deployed());
}

#[test]
fn a_persons_no_reverts() {
    let mut voyage = held_by(manual());
    voyage.toy.answer = Answer::Declined { reason: "ben: not on a Friday".into() };
    let cause = Cause::Declined { reason: "ben: not on a Friday".into() };
    assert_eq!(reverted(voyage.sail()), cause);
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_person_may_take_days() {
    let mut voyage = held_by(manual());
    voyage.toy.answer = Answer::Pending;
    for _ in 0..3 {
        assert_eq!(voyage.sail(), Verdict::Paused { reason: "ship it?".into() });
        assert_eq!(voyage.parked(), &Why::Person { question: "ship it?".into() });
        voyage.now = voyage.now + secs(86_400);
        voyage.resume(false);
    }
    voyage.toy.answer = Answer::Approved { by: "ana".into() };
    assert_eq!(voyage.sail(), deployed());
    let claims = voyage.toy.asked().iter().filter(|order| *order == "claim the target").count();
    assert_eq!(claims, 4, "each process claims, and nothing else is done twice");
    assert_eq!(voyage.toy.asked().len(), 4 + 5);
}

#[test]
fn passed_gates_are_not_passed_again_after_a_pause() {
    let mut voyage = scenarios::deploy(canary(&[10], &[smoke(Via::Production, 1), manual()]));
    voyage.toy.answer = Answer::Pending;
    voyage.sail();
    voyage.resume(false);
    voyage.toy.answer = Answer::Approved { by: "ana".into() };
    voyage.toy.smoke_failures = 1;
    assert_eq!(voyage.sail(), deployed());
}

/// The time that a person takes to decide is no time in which the candidate was watched.
#[test]
fn a_soak_after_a_question_begins_with_the_answer() {
    let mut voyage = scenarios::deploy(canary(&[10], &[manual(), soak(secs(60))]));
    voyage.until("the question", |voyage| matches!(voyage.run.effect(), Effect::Ask { .. }));
    voyage.now = voyage.now + secs(25);
    voyage.step();
    let answered = voyage.now;
    voyage.until("more traffic", |voyage| voyage.toy.share("v2") != percent(10));
    assert!(voyage.now.since(answered) >= secs(60), "{:?}", voyage.now.since(answered));
}

/// One look is one observation, however many gates it passes.
#[test]
fn a_bad_look_at_the_border_of_two_gates_counts_once() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(5)), soak(secs(10))]));
    voyage.until("the end of the first soak", |voyage| {
        voyage.stage() == "holding"
            && matches!(voyage.run.effect(), Effect::Observe)
            && voyage.toy.share("v2") == percent(10)
            && gate_since(voyage) >= secs(5).as_millis()
    });
    voyage.toy.truth.groups.last_mut().unwrap().ready = 0;
    voyage.step();
    voyage.toy.truth.groups.last_mut().unwrap().ready = 1;
    assert_eq!(voyage.sail(), deployed(), "the rule tolerates one bad look of three");
}

/// For how long the gate has been waited at.
fn gate_since(voyage: &Voyage) -> u64 {
    use pilotage_rollout::run::{Phase, Stage};
    match voyage.run.phase() {
        Phase::Working(work) => match &work.stage {
            Stage::Holding(holding) => (voyage.now).since(holding.since).as_millis() + 1,
            _ => 0,
        },
        _ => 0,
    }
}

/// What the run wants after it saw the world at exactly this time after the gate was entered.
pub(crate) fn wants_after(voyage: &Voyage, span: Span) -> Effect {
    let since = voyage.now;
    let seen = Event::Observed(Ok(voyage.toy.truth.clone()));
    let mut run = voyage.run.clone();
    if matches!(run.effect(), Effect::Wait { .. }) {
        run = run.advance(since, &Event::Woke).unwrap();
    }
    run.advance(since + span, &seen).unwrap().effect().clone()
}

#[test]
fn a_smoke_check_is_tried_again_as_soon_as_its_interval_is_over() {
    let mut voyage = held_by(smoke(Via::Production, 3));
    voyage.toy.smoke_failures = 1;
    voyage.until("the check", |voyage| matches!(voyage.run.effect(), Effect::Probe(_)));
    voyage.step();
    let early = wants_after(&voyage, Span::from_millis(1_999));
    assert!(matches!(early, Effect::Wait { .. }), "{early:?}");
    let due = wants_after(&voyage, secs(2));
    assert!(matches!(due, Effect::Probe(_)), "{due:?}");
}

#[test]
fn a_soak_is_over_as_soon_as_its_time_is() {
    let mut voyage = held_by(soak(secs(2)));
    voyage.reach("holding");
    assert!(matches!(wants_after(&voyage, Span::from_millis(1_999)), Effect::Wait { .. }));
    assert!(matches!(wants_after(&voyage, secs(2)), Effect::Act(_)));
}

#[test]
fn health_is_watched_while_a_gate_is_passed() {
    for gate in [smoke(Via::Production, 9), judging(latency_panel(), Inconclusive::Promote)] {
        let mut voyage = held_by(gate);
        voyage.toy.smoke_failures = 9;
        voyage.toy.reading = Reading::Missing { reason: "no answer".into() };
        voyage.reach("holding");
        voyage.toy.truth.groups.last_mut().unwrap().ready = 0;
        assert!(matches!(reverted(voyage.sail()), Cause::Unhealthy { .. }));
    }
}

#[test]
fn no_write_happens_while_a_gate_is_open() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(30))]));
    voyage.reach("holding");
    let before = voyage.toy.orders.len();
    voyage.until("the end of the gate", |voyage| voyage.stage() != "holding");
    assert_eq!(voyage.toy.orders.len(), before);
    assert!(!matches!(
        voyage.journal.last().unwrap().entry,
        pilotage_rollout::journal::Entry::Happened(Event::Acted(Outcome::Applied))
    ));
}
