//! What comes from outside: interruption, a lost lease, a person's abort, a new process.

use pilotage_rollout::journal::{Entry, replay};
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, Delegation};
use pilotage_rollout::{Cause, Effect, Event, Span, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::Fault;
use crate::voyage::{Voyage, aborted, reverted};

/// Every point at which something from outside can reach a run, of each kind of run.
fn everywhere(mut check: impl FnMut(&str, Voyage)) {
    for (kind, mut voyage) in scenarios::all() {
        let mut at = 0;
        while voyage.run.verdict().is_none() {
            check(&format!("{kind} at {at}, {}", voyage.stage()), voyage.clone());
            voyage.step();
            at += 1;
        }
        assert!(at > 10, "{kind}: {at}");
    }
}

/// The process dies after the order was carried out and before its outcome was written down.
fn crash_after(voyage: &mut Voyage) -> bool {
    voyage.intend();
    let acts = matches!(voyage.run.effect(), Effect::Act(_));
    voyage.perform();
    acts
}

fn is_wholly_new(voyage: &Voyage) -> bool {
    let plan = voyage.run.plan();
    voyage.toy.serving() == [(plan.to.id.as_str(), plan.size, 100)]
}

fn is_wholly_old(voyage: &Voyage) -> bool {
    let plan = voyage.run.plan();
    let old = plan.from.iter().map(|from| (from.id.as_str(), plan.size, 100));
    voyage.toy.serving() == old.collect::<Vec<_>>()
}

#[test]
fn an_interrupted_run_stands_still_and_goes_on_to_the_same_end() {
    everywhere(|place, mut voyage| {
        voyage.feed(Event::Interrupted);
        assert_eq!(voyage.run.verdict(), Some(Verdict::Interrupted), "{place}");
        assert_eq!(voyage.run.effect(), &Effect::Finish, "{place}");
        voyage.resume(false);
        assert!(matches!(voyage.sail(), Verdict::Deployed { .. }), "{place}");
        assert!(is_wholly_new(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn a_run_whose_process_died_before_its_order_goes_on_to_the_same_end() {
    everywhere(|place, mut voyage| {
        let dangling = matches!(voyage.run.effect(), Effect::Act(_));
        voyage.intend();
        voyage.resume(dangling);
        assert!(matches!(voyage.sail(), Verdict::Deployed { .. }), "{place}");
        assert!(is_wholly_new(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn a_run_whose_process_died_after_its_order_goes_on_to_the_same_end() {
    everywhere(|place, mut voyage| {
        let dangling = crash_after(&mut voyage);
        voyage.resume(dangling);
        assert!(matches!(voyage.sail(), Verdict::Deployed { .. }), "{place}");
        assert!(is_wholly_new(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn a_resumed_run_claims_first() {
    everywhere(|place, mut voyage| {
        voyage.resume(false);
        let Effect::Act(order) = voyage.run.effect() else { panic!("{place}: no order") };
        assert_eq!(order.action, Action::Claim, "{place}");
        assert_eq!(order.stamp.fence, voyage.run.fence(), "{place}");
    });
}

#[test]
fn an_aborted_run_ends_wholly_on_the_old_release() {
    everywhere(|place, mut voyage| {
        voyage.feed(aborted());
        assert!(voyage.run.goes_back(), "{place}");
        let verdict = voyage.sail();
        assert_eq!(reverted(verdict), Cause::Aborted { by: "ana".into() }, "{place}");
        assert!(is_wholly_old(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn a_run_aborted_while_its_order_is_under_way_ends_wholly_on_the_old_release() {
    everywhere(|place, mut voyage| {
        crash_after(&mut voyage);
        voyage.feed(aborted());
        reverted(voyage.sail());
        assert!(is_wholly_old(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn an_abort_never_asks_for_more_of_the_candidate() {
    everywhere(|place, mut voyage| {
        voyage.feed(aborted());
        let before = voyage.toy.orders.len();
        voyage.sail();
        for order in &voyage.toy.orders[before..] {
            let fine = match &order.action {
                Action::Traffic { share, .. } => share.basis_points() == 0,
                Action::Capacity { release, units } => {
                    *release != voyage.run.plan().to.id || *units == 0
                }
                Action::Roll { release } => *release != voyage.run.plan().to.id,
                Action::Claim => true,
                _ => false,
            };
            assert!(fine, "{place}: {}", order.action);
        }
    });
}

#[test]
fn a_run_that_goes_back_resumes_going_back() {
    everywhere(|place, mut voyage| {
        voyage.feed(aborted());
        for _ in 0..4 {
            if voyage.run.verdict().is_none() {
                voyage.step();
            }
        }
        if voyage.run.verdict().is_none() {
            voyage.feed(Event::Interrupted);
            voyage.resume(false);
        }
        assert_eq!(reverted(voyage.sail()), Cause::Aborted { by: "ana".into() }, "{place}");
        assert!(is_wholly_old(&voyage), "{place}: {:?}", voyage.toy.serving());
    });
}

#[test]
fn an_interrupted_run_can_be_given_up_before_it_is_resumed() {
    everywhere(|place, mut voyage| {
        voyage.feed(Event::Interrupted);
        voyage.feed(aborted());
        assert_eq!(voyage.run.verdict(), Some(Verdict::Interrupted), "{place}");
        voyage.resume(false);
        assert_eq!(reverted(voyage.sail()), Cause::Aborted { by: "ana".into() }, "{place}");
    });
}

#[test]
fn a_second_abort_does_not_change_the_first_cause() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.feed(aborted());
    voyage.step();
    voyage.feed(Event::Aborted { by: "ben".into() });
    assert_eq!(reverted(voyage.sail()), Cause::Aborted { by: "ana".into() });
}

#[test]
fn a_second_abort_of_a_parked_run_does_not_either() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.feed(Event::Interrupted);
    voyage.feed(aborted());
    voyage.feed(Event::Aborted { by: "ben".into() });
    voyage.resume(false);
    assert_eq!(reverted(voyage.sail()), Cause::Aborted { by: "ana".into() });
}

#[test]
fn without_the_lease_nothing_more_is_written() {
    everywhere(|place, mut voyage| {
        voyage.feed(Event::LeaseLost { reason: "pipeline 43".into() });
        let verdict = Verdict::Busy { reason: "pipeline 43".into() };
        assert_eq!(voyage.run.verdict(), Some(verdict), "{place}");
        assert_eq!(voyage.run.effect(), &Effect::Finish, "{place}");
        assert!(!voyage.run.is_over(), "{place}");
    });
}

#[test]
fn every_journal_replays_to_the_live_state_at_every_point() {
    everywhere(|place, voyage| {
        let replayed = replay(&voyage.journal).unwrap();
        assert_eq!((replayed.run, replayed.dangling), (voyage.run.clone(), false), "{place}");
        let mut intending = voyage.clone();
        intending.intend();
        let acts = matches!(voyage.run.effect(), Effect::Act(_));
        let replayed = replay(&intending.journal).unwrap();
        assert_eq!((replayed.run, replayed.dangling), (voyage.run, acts), "{place}");
    });
}

#[test]
fn a_journal_survives_json() {
    for (kind, mut voyage) in scenarios::all() {
        voyage.until("half-way", |voyage| voyage.journal.len() > 10);
        voyage.resume(true);
        voyage.sail();
        let text = serde_json::to_string(&voyage.journal).unwrap();
        let read: Vec<pilotage_rollout::journal::Record> = serde_json::from_str(&text).unwrap();
        assert_eq!(replay(&read).unwrap().run, voyage.run, "{kind}");
        assert!(matches!(voyage.journal[0].entry, Entry::Opened { .. }));
    }
}

/// An abort may come before the last write can be seen; what is read then is old.
#[test]
fn an_abort_waits_until_the_last_write_can_be_seen() {
    let mut voyage = scenarios::everything();
    voyage.about_to("give `v2` 25 % of the traffic");
    voyage.step();
    assert!(matches!(voyage.run.effect(), Effect::Wait { .. }));
    voyage.feed(aborted());
    reverted(voyage.sail());
    assert!(is_wholly_old(&voyage), "{:?}", voyage.toy.serving());
}

#[test]
fn a_late_write_of_the_dead_process_does_not_survive_the_abort() {
    let late = |action: &Action| matches!(action, Action::Traffic { .. });
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.toy.faults.push((late, Fault::Late(secs(4)), 1));
    voyage.about_to("give `v2` 10 % of the traffic");
    crash_after(&mut voyage);
    voyage.resume(true);
    voyage.feed(aborted());
    reverted(voyage.sail());
    voyage.toy.pass(voyage.now + secs(100));
    assert!(is_wholly_old(&voyage), "{:?}", voyage.toy.serving());
}

/// A write without an answer may land at the very end of its time, and show only later.
#[test]
fn a_late_write_that_shows_late_does_not_survive_the_abort_either() {
    let late = |action: &Action| matches!(action, Action::Traffic { .. });
    let mut voyage = scenarios::everything();
    voyage.toy.faults.push((late, Fault::Late(Span::from_millis(4_999)), 1));
    voyage.about_to("give `v2` 25 % of the traffic");
    crash_after(&mut voyage);
    voyage.feed(aborted());
    reverted(voyage.sail());
    voyage.toy.pass(voyage.now + secs(100));
    assert!(is_wholly_old(&voyage), "{:?}", voyage.toy.serving());
}

#[test]
fn a_resumed_run_starts_with_a_fresh_budget_and_fresh_repairs() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    assert!(voyage.run.calls() > 5);
    voyage.resume(false);
    assert_eq!(voyage.run.calls(), 1);
}

#[test]
fn a_run_that_was_superseded_does_not_take_the_target_back_by_itself() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.toy.truth.fence.0 += 5;
    let Verdict::Busy { reason } = voyage.sail() else { panic!("not busy") };
    assert_eq!(reason, "the target was claimed under fence #6");
    assert!(matches!(voyage.parked(), Why::Superseded { .. }));
}

#[test]
fn an_abort_of_a_delegated_run_asks_the_platform_to_go_back() {
    let mut voyage = scenarios::delegated(vec![soak(secs(30))]);
    voyage.reach("holding");
    voyage.feed(aborted());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.asked()[2..], ["have the platform roll to `v1`"]);
    assert_eq!(voyage.toy.truth.delegation, Delegation::Complete { release: id("v1") });
}
