//! Writes that happen, do not happen, or nobody knows; and who else writes.

use pilotage_rollout::journal::Entry;
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, Fence, Outcome, Rejection};
use pilotage_rollout::{Cause, Effect, Event, Share, Span, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::{Fault, Hits};
use crate::voyage::{Voyage, reverted};

fn claims(action: &Action) -> bool {
    *action == Action::Claim
}

fn shifts(action: &Action) -> bool {
    matches!(action, Action::Traffic { .. })
}

fn resizes(action: &Action) -> bool {
    matches!(action, Action::Capacity { .. })
}

fn rolls(action: &Action) -> bool {
    matches!(action, Action::Roll { .. })
}

fn migrates(action: &Action) -> bool {
    matches!(action, Action::Migrate { .. })
}

fn prunes(action: &Action) -> bool {
    matches!(action, Action::Prune { .. })
}

const WRITES: [(&str, Hits); 6] = [
    ("claim", claims),
    ("capacity", resizes),
    ("traffic", shifts),
    ("roll", rolls),
    ("migrate", migrates),
    ("prune", prunes),
];

fn busy(retry_after: Option<Span>) -> Fault {
    let reason = "throttled".into();
    Fault::Answer(Outcome::NotApplied(Rejection::Busy { reason, retry_after }))
}

fn unanswered() -> Fault {
    Fault::Answer(Outcome::Unknown { reason: "connection reset".into() })
}

/// Every kind of run with this fault at the first write of each kind.
fn with_each(fault: &Fault, mut check: impl FnMut(&str, Voyage)) {
    for (kind, voyage) in scenarios::all() {
        for (write, hits) in WRITES {
            let mut voyage = voyage.clone();
            voyage.toy.faults.push((hits, fault.clone(), 1));
            check(&format!("{kind}, {write}"), voyage);
        }
    }
}

fn deploys(place: &str, mut voyage: Voyage) {
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }), "{place}");
    let plan = voyage.run.plan();
    assert_eq!(voyage.toy.serving(), [(plan.to.id.as_str(), plan.size, 100)], "{place}");
}

#[test]
fn a_busy_target_is_asked_again() {
    with_each(&busy(None), deploys);
    with_each(&busy(Some(secs(3))), deploys);
}

#[test]
fn a_write_without_an_answer_that_happened_is_recognised() {
    with_each(&Fault::Lost, deploys);
}

#[test]
fn a_write_without_an_answer_that_did_not_happen_is_sent_again() {
    with_each(&unanswered(), deploys);
}

#[test]
fn a_write_without_an_answer_that_happens_late_does_no_harm() {
    for late in [1, 2_500, 4_999].map(Span::from_millis) {
        with_each(&Fault::Late(late), deploys);
    }
}

#[test]
fn a_write_that_was_accepted_and_forgotten_is_sent_again() {
    with_each(&Fault::Ignored, deploys);
}

#[test]
fn an_unknown_write_is_read_back_and_not_repeated() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((shifts, Fault::Lost, 1));
    voyage.sail();
    assert_eq!(voyage.toy.asked().len(), 4, "{:?}", voyage.toy.asked());
}

/// The moments at which the run sent orders like this one.
fn sent(voyage: &mut Voyage, hits: Hits) -> Vec<u64> {
    let mut moments = Vec::new();
    while voyage.run.verdict().is_none() {
        if matches!(voyage.run.effect(), Effect::Act(order) if hits(&order.action)) {
            moments.push(voyage.now.as_millis());
        }
        voyage.step();
    }
    moments
}

#[test]
fn an_unknown_write_is_not_repeated_while_it_can_still_happen() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((resizes, unanswered(), 2));
    let moments = sent(&mut voyage, resizes);
    let pauses: Vec<_> = moments[..3].windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(pauses.iter().all(|pause| (6_000..8_000).contains(pause)), "{pauses:?}");
}

#[test]
fn no_other_write_crosses_one_that_can_still_happen() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((shifts, Fault::Lost, 1));
    let shifted = sent(&mut voyage.clone(), shifts)[0];
    let trimmed =
        sent(&mut voyage, |action| matches!(action, Action::Capacity { units: 0, .. }))[0];
    assert!(trimmed - shifted >= 5_000, "{}", trimmed - shifted);
}

#[test]
fn a_slow_write_is_waited_for() {
    for slow in [1, 2_500, 4_999].map(Span::from_millis) {
        with_each(&Fault::Slow(slow), deploys);
    }
}

/// What was accepted and not yet seen to happen can still happen after the run has turned back.
#[test]
fn a_slow_write_does_not_reach_a_candidate_that_was_stopped() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.toy.faults.push((shifts, Fault::Slow(secs(4)), 1));
    voyage.about_to("give `v2` 10 % of the traffic");
    voyage.step();
    let candidate = voyage.toy.truth.groups.last_mut().unwrap();
    (candidate.ready, candidate.failing) = (0, vec![failing(true)]);
    voyage.step();
    voyage.toy.truth.groups.last_mut().unwrap().ready = 1;
    assert!(voyage.run.goes_back());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.serving(), [("v1", 4, 100)]);
    assert!(voyage.toy.asked().contains(&"give `v2` 0 % of the traffic".into()));
}

#[test]
fn a_busy_target_is_given_more_time_at_each_try() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((resizes, busy(None), 2));
    let moments = sent(&mut voyage, resizes);
    let pauses: Vec<_> = moments[..3].windows(2).map(|pair| (pair[1] - pair[0]) / 1_000).collect();
    assert_eq!(pauses, [1, 2]);
}

#[test]
fn a_busy_target_says_itself_when_to_come_back() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((resizes, busy(Some(secs(9))), 1));
    let moments = sent(&mut voyage, resizes);
    assert_eq!((moments[1] - moments[0]) / 1_000, 9);
}

#[test]
fn a_write_is_sent_as_often_as_the_plan_says_and_then_given_up() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((resizes, busy(None), u32::MAX));
    let waiting_for = "the candidate's units to be asked for".into();
    assert_eq!(reverted(voyage.sail()), Cause::Timeout { waiting_for, limit: secs(30) });
    assert_eq!(voyage.toy.asked().len(), 1 + 3);
}

#[test]
fn a_clean_up_that_fails_does_not_fail_the_deploy() {
    let refused = Fault::Answer(Outcome::NotApplied(Rejection::Refused { reason: "no".into() }));
    for fault in [refused, unanswered(), Fault::Ignored] {
        let mut voyage = scenarios::everything();
        voyage.toy.faults.push((prunes, fault, u32::MAX));
        assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
        let tries = voyage.toy.orders.iter().filter(|order| prunes(&order.action)).count();
        assert_eq!(tries, 1);
    }
}

/// A run whose clean-up has to wait, so that something can change meanwhile.
fn about_to_clean_up() -> Voyage {
    let mut voyage = scenarios::everything();
    voyage.toy.lag = Span::ZERO;
    voyage.toy.faults.push((prunes, busy(None), 1));
    voyage.reach("pruning");
    voyage.step();
    voyage
}

#[test]
fn nothing_is_cleaned_up_beside_a_stranger() {
    let mut voyage = about_to_clean_up();
    voyage.toy.truth.groups.push(group(release(9), 1, Share::NONE));
    assert!(matches!(voyage.sail(), Verdict::Paused { .. }));
    assert_eq!(voyage.toy.orders.iter().filter(|order| prunes(&order.action)).count(), 1);
}

#[test]
fn nothing_is_cleaned_up_before_the_end_is_reached_again() {
    let mut voyage = about_to_clean_up();
    let stable = voyage.toy.truth.groups.iter_mut().find(|group| group.release.id == id("v1"));
    let stable = stable.unwrap();
    (stable.desired, stable.ready) = (1, 1);
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    let orders = voyage.toy.asked();
    assert_eq!(
        orders[orders.len() - 3..],
        ["prune all but 2 releases", "stop the units of `v1`", "prune all but 2 releases"]
    );
}

#[test]
fn a_busy_clean_up_is_tried_as_often_as_the_plan_says() {
    let mut voyage = scenarios::everything();
    voyage.toy.faults.push((prunes, busy(None), u32::MAX));
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    let tries = voyage.toy.orders.iter().filter(|order| prunes(&order.action)).count();
    assert_eq!(tries, 3);
    let Entry::Happened(Event::Acted(_)) = &voyage.journal.last().unwrap().entry else {
        panic!("the last try ends it")
    };
}

#[test]
fn a_newer_owner_at_the_write_ends_the_process() {
    for (write, hits) in [("capacity", resizes as Hits), ("traffic", shifts)] {
        let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
        voyage.until(
            write,
            |voyage| matches!(voyage.run.effect(), Effect::Act(order) if hits(&order.action)),
        );
        voyage.toy.truth.fence = Fence(9);
        let reason = String::from("the target was claimed under fence #9");
        assert_eq!(voyage.sail(), Verdict::Busy { reason: reason.clone() }, "{write}");
        assert_eq!(voyage.parked(), &Why::Superseded { reason }, "{write}");
    }
}

#[test]
fn a_newer_owner_is_noticed_by_every_look() {
    for (kind, mut voyage) in scenarios::all() {
        while voyage.run.verdict().is_none() {
            if *voyage.run.effect() == Effect::Observe {
                let mut overtaken = voyage.clone();
                overtaken.toy.truth.fence = Fence(99);
                overtaken.toy.lag = Span::ZERO;
                overtaken.step();
                let verdict = overtaken.run.verdict();
                let place = voyage.stage();
                assert!(
                    matches!(verdict, Some(Verdict::Busy { .. })),
                    "{kind}, {place}: {verdict:?}"
                );
            }
            voyage.step();
        }
    }
}

#[test]
fn a_stale_claim_ends_the_process_before_anything_is_read() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.truth.fence = Fence(9);
    assert!(matches!(voyage.sail(), Verdict::Busy { .. }));
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
    assert_eq!(voyage.journal.len(), 3);
}

#[test]
fn a_resumed_run_whose_claim_is_refused_writes_nothing() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    let refused = Outcome::NotApplied(Rejection::Refused { reason: "no permission".into() });
    voyage.toy.faults.push((claims, Fault::Answer(refused), 1));
    let before = voyage.toy.orders.len();
    voyage.resume(false);
    assert_eq!(voyage.sail(), Verdict::Unknown { reason: "no permission".into() });
    assert_eq!(voyage.toy.orders.len(), before + 1);
}
