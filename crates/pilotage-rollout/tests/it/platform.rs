//! Runs that the platform's own controller performs: its word about *our* release is what counts.

use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, Delegation, Outcome, Rejection};
use pilotage_rollout::{Cause, Effect, Event, Share, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::{Fault, Platform};
use crate::voyage::{Voyage, reverted};

const OLD_SERVES: [(&str, u16, u16); 1] = [("v1", 4, 100)];

fn breaker() -> Cause {
    Cause::Platform { reason: "the circuit breaker tripped".into() }
}

#[test]
fn a_platform_that_gives_up_is_asked_to_go_back() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.platform = Platform::GivesUp;
    assert_eq!(reverted(voyage.sail()), breaker());
    assert_eq!(
        voyage.toy.asked()[1..],
        ["have the platform roll to `v2`", "have the platform roll to `v1`"]
    );
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_platform_that_went_back_by_itself_is_not_asked_again() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.platform = Platform::RollsBack;
    assert_eq!(reverted(voyage.sail()), breaker());
    assert_eq!(voyage.toy.asked().len(), 2);
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_platform_that_takes_long_to_go_back_is_asked_once() {
    let mut voyage = scenarios::delegated(vec![soak(secs(60))]);
    voyage.reach("holding");
    voyage.toy.startup = secs(30);
    voyage.feed(crate::voyage::aborted());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.asked()[2..], ["have the platform roll to `v1`"]);
}

#[test]
fn a_platform_that_took_everything_down_is_not_back() {
    let mut voyage = scenarios::delegated(vec![soak(secs(60))]);
    voyage.reach("holding");
    let reason = String::from("the circuit breaker tripped");
    voyage.toy.truth.groups.clear();
    voyage.toy.truth.delegation = Delegation::RolledBack { release: id("v2"), reason };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause: breaker() });
    let Why::Stuck { reason, .. } = voyage.parked() else { panic!("{:?}", voyage.parked()) };
    assert_eq!(reason, "waited 2m in vain for the platform's own rollback");
    assert_eq!(voyage.toy.asked().len(), 2);
}

#[test]
fn traffic_that_the_platform_still_has_to_take_back_is_left_to_it() {
    let mut voyage = scenarios::delegated(vec![soak(secs(60))]);
    voyage.reach("holding");
    let reason = String::from("the circuit breaker tripped");
    let (old, new) = (group(release(1), 4, percent(90)), group(release(2), 0, percent(10)));
    voyage.toy.truth.groups = vec![old, new];
    voyage.toy.truth.delegation = Delegation::RolledBack { release: id("v2"), reason };
    voyage.reach("closing");
    voyage.step();
    voyage.step();
    assert_eq!(voyage.stage(), "closing");
    voyage.toy.truth.groups = v1_serves().groups;
    assert_eq!(reverted(voyage.sail()), breaker());
    assert_eq!(voyage.toy.asked().len(), 2);
}

#[test]
fn a_platform_that_is_still_going_back_is_waited_for() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.platform = Platform::RollsBack;
    voyage.reach("rolling");
    voyage.toy.truth.groups.push(group(release(2), 1, Share::NONE));
    voyage.reach("unrolling");
    assert!(matches!(voyage.run.effect(), Effect::Wait { .. }));
    voyage.step();
    voyage.step();
    assert_eq!(voyage.stage(), "unrolling");
    voyage.toy.truth.groups.pop();
    assert_eq!(reverted(voyage.sail()), breaker());
    assert_eq!(voyage.toy.asked().len(), 2);
}

#[test]
fn a_platform_that_rolled_back_what_it_had_completed_is_noticed() {
    let mut voyage = scenarios::delegated(vec![soak(secs(60))]);
    voyage.reach("holding");
    let reason = String::from("the circuit breaker tripped");
    voyage.toy.truth.groups = v1_serves().groups;
    voyage.toy.truth.delegation = Delegation::RolledBack { release: id("v2"), reason };
    assert_eq!(reverted(voyage.sail()), breaker());
}

fn failed_before(delegation: Delegation) -> Voyage {
    let mut seen = v1_serves();
    seen.delegation = delegation;
    scenarios::voyage(request(rolling(1, vec![])), seen, &can_delegate())
}

#[test]
fn a_failure_of_an_earlier_attempt_is_not_taken_for_ours() {
    let reason = String::from("out of memory, yesterday");
    for delegation in [
        Delegation::Failed { release: id("v2"), reason: reason.clone() },
        Delegation::RolledBack { release: id("v2"), reason: reason.clone() },
    ] {
        let mut voyage = failed_before(delegation);
        assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    }
}

/// An order that was not carried out cannot have failed.
#[test]
fn a_failure_of_an_earlier_attempt_is_not_taken_for_one_of_a_rejected_order() {
    let reason = String::from("out of memory, yesterday");
    let busy = Rejection::Busy { reason: "throttled".into(), retry_after: None };
    let mut voyage = failed_before(Delegation::Failed { release: id("v2"), reason });
    voyage.toy.faults.push((
        |action| matches!(action, Action::Roll { .. }),
        Fault::Answer(Outcome::NotApplied(busy)),
        1,
    ));
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn a_platform_that_completed_the_release_already_is_not_asked() {
    let mut seen = v1_serves();
    seen.delegation = Delegation::Complete { release: id("v1") };
    let mut voyage = scenarios::voyage(request(rolling(1, vec![])), seen, &can_delegate());
    voyage.about_to("have the platform roll to `v2`");
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn complete_is_believed_only_with_all_units() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.reach("rolling");
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    let mut seen = live(vec![group(release(2), 4, Share::ALL)]);
    seen.fence = voyage.run.fence();
    seen.delegation = Delegation::Complete { release: id("v2") };
    seen.groups[0].ready = 3;
    voyage.feed(Event::Observed(Ok(seen)));
    assert_eq!(voyage.stage(), "rolling");
}

#[test]
fn a_hopeless_unit_stops_a_rollout_before_the_platform_does() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.startup = secs(60);
    voyage.reach("rolling");
    voyage.toy.truth.groups.push(group(release(2), 1, Share::NONE));
    voyage.toy.sick = Some(failing(true));
    let reason = "unit-1: no such image".into();
    assert_eq!(reverted(voyage.sail()), Cause::Hopeless { reason });
}

#[test]
fn gates_are_passed_at_each_hook_and_at_the_end() {
    let mut voyage = scenarios::delegated(vec![manual()]);
    voyage.toy.hooks.extend(["bake", "promote"]);
    let mut asked = 0;
    while voyage.run.verdict().is_none() {
        asked += u32::from(matches!(voyage.run.effect(), Effect::Ask { .. }));
        voyage.step();
    }
    assert_eq!(asked, 3);
}

#[test]
fn a_gate_that_fails_at_a_hook_reverts() {
    let mut voyage = scenarios::paused_by_the_platform();
    voyage.reach("holding");
    voyage.toy.truth.groups.last_mut().unwrap().ready = 0;
    let reason = "0 of 1 units ready".into();
    assert_eq!(reverted(voyage.sail()), Cause::Unhealthy { reason });
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_lost_word_to_go_on_is_not_said_again_at_the_next_hook() {
    let mut voyage = scenarios::paused_by_the_platform();
    voyage.about_to("let the platform go on from `bake`");
    voyage.toy.startup = secs(0);
    let proceeds = |action: &Action| matches!(action, Action::Proceed { .. });
    voyage.toy.faults.push((proceeds, Fault::Lost, 1));
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(
        voyage.toy.asked()[2..],
        ["let the platform go on from `bake`", "let the platform go on from `promote`"]
    );
}

#[test]
fn a_platform_that_completes_the_old_release_meanwhile_is_asked_again() {
    let mut voyage = scenarios::delegated(vec![soak(secs(30))]);
    voyage.reach("holding");
    let since = voyage.now;
    voyage.toy.truth.delegation = Delegation::Complete { release: id("v1") };
    voyage.about_to("have the platform roll to `v2`");
    assert!(voyage.now.since(since) < secs(10), "not only after the gate");
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.asked()[1..], ["have the platform roll to `v2`"; 2]);
}

#[test]
fn old_units_that_the_platform_still_has_to_stop_are_left_to_it() {
    let mut voyage = scenarios::delegated(vec![soak(secs(3))]);
    voyage.reach("holding");
    voyage.toy.truth.groups[0].desired = 1;
    voyage.reach("asserting");
    voyage.step();
    voyage.toy.truth.groups[0].desired = 0;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.asked().len(), 2);
}

#[test]
fn a_resumed_rollout_is_watched_and_not_asked_for_again() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.startup = secs(20);
    voyage.until("the roll", |voyage| voyage.toy.orders.len() == 2);
    voyage.resume(false);
    voyage.sail();
    assert_eq!(
        voyage.toy.asked(),
        ["claim the target", "have the platform roll to `v2`", "claim the target"]
    );
}

#[test]
fn a_rollout_of_the_old_release_by_the_platform_is_rolled_over() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.step();
    let mut seen = voyage.toy.truth.clone();
    seen.delegation = Delegation::Rolling { release: id("v1") };
    voyage.feed(Event::Observed(Ok(seen)));
    let Effect::Act(order) = voyage.run.effect() else { panic!("no order") };
    assert_eq!(order.action, Action::Roll { release: id("v2") });
}

#[test]
fn an_abort_before_the_platform_was_asked_asks_it_nothing() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.feed(crate::voyage::aborted());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
}

/// The order to roll was accepted, does not show yet, and what shows is the state before it.
#[test]
fn an_abort_before_the_order_shows_does_not_take_the_old_state_for_the_end() {
    let mut seen = v1_serves();
    seen.delegation = Delegation::Complete { release: id("v1") };
    let lagging = Limits { lag: secs(2), ..limits() };
    let asked = Request { limits: Some(lagging), ..request(rolling(1, vec![])) };
    let mut voyage = scenarios::voyage(asked, seen, &can_delegate());
    voyage.toy.startup = secs(60);
    voyage.about_to("have the platform roll to `v2`");
    voyage.step();
    voyage.feed(crate::voyage::aborted());
    reverted(voyage.sail());
    voyage.toy.pass(voyage.now + secs(1_000));
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

/// Nothing is reported as deployed that the platform has begun to take back.
#[test]
fn a_platform_that_goes_back_at_the_very_end_is_noticed() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.faults.push((|action| matches!(action, Action::Roll { .. }), Fault::Lost, 1));
    voyage.reach("asserting");
    let reason = String::from("the circuit breaker tripped");
    voyage.toy.truth.delegation = Delegation::RolledBack { release: id("v2"), reason };
    voyage.step();
    voyage.step();
    voyage.toy.truth.groups = v1_serves().groups;
    assert_eq!(reverted(voyage.sail()), breaker());
}

#[test]
fn a_rollout_that_the_run_did_not_ask_for_is_not_taken_back_by_it() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.feed(crate::voyage::aborted());
    voyage.toy.startup = secs(1_000);
    voyage.about_to("claim the target");
    voyage.step();
    let mut seen = voyage.toy.truth.clone();
    seen.delegation = Delegation::Rolling { release: id("v2") };
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    voyage.feed(Event::Observed(Ok(seen)));
    voyage.sail();
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
}

#[test]
fn an_abort_of_a_first_rollout_by_the_platform_stops_its_units() {
    let asked = Request { size: Some(2), ..request(rolling(1, vec![])) };
    let mut voyage = scenarios::voyage(asked, live(vec![]), &can_delegate());
    voyage.toy.startup = secs(1_000);
    voyage.until("the roll", |voyage| voyage.toy.orders.len() == 2);
    voyage.toy.truth.groups.push(group(release(2), 2, Share::NONE));
    voyage.feed(crate::voyage::aborted());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.asked()[2..], ["stop the units of `v2`"]);
}

#[test]
fn complete_with_the_old_release_is_not_done() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.faults.push((|action| matches!(action, Action::Roll { .. }), Fault::Lost, 1));
    voyage.reach("asserting");
    voyage.toy.truth.delegation = Delegation::Complete { release: id("v1") };
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.asked()[1..], ["have the platform roll to `v2`"; 2]);
}

#[test]
fn a_first_deploy_by_the_platform_is_taken_back_by_hand() {
    let asked = Request { size: Some(2), ..request(rolling(1, vec![])) };
    let mut voyage = scenarios::voyage(asked, live(vec![]), &can_delegate());
    voyage.toy.platform = Platform::GivesUp;
    assert_eq!(reverted(voyage.sail()), breaker());
    assert_eq!(voyage.toy.serving(), []);
}
