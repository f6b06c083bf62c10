//! Every wait has an end: a deadline for each stage, a budget for the run.

use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, MigrationId, ReadFailure, Schema};
use pilotage_rollout::{Cause, Effect, Event, Span, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::{Fault, Hits};
use crate::voyage::{Voyage, aborted, reverted};

fn forgets(voyage: &mut Voyage, hits: Hits) {
    voyage.toy.faults.push((hits, Fault::Ignored, u32::MAX));
}

fn timeout(waiting_for: &str, limit: u64) -> Cause {
    Cause::Timeout { waiting_for: waiting_for.into(), limit: secs(limit) }
}

fn stuck(voyage: &mut Voyage) -> String {
    assert!(matches!(voyage.sail(), Verdict::NotReverted { .. }));
    match voyage.parked() {
        Why::Stuck { reason, .. } => reason.clone(),
        why => panic!("not stuck: {why:?}"),
    }
}

#[test]
fn a_claim_that_never_shows_leaves_the_state_unknown() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    forgets(&mut voyage, |action| *action == Action::Claim);
    let reason = "the claim was accepted but does not show at the target";
    assert_eq!(voyage.sail(), Verdict::Unknown { reason: reason.into() });
    assert!((30..33).contains(&(voyage.now.since(START).as_millis() / 1_000)));
}

#[test]
fn units_that_are_never_asked_for_time_out() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    forgets(&mut voyage, |action| matches!(action, Action::Capacity { .. }));
    assert_eq!(reverted(voyage.sail()), timeout("the candidate's units to be asked for", 30));
    assert_eq!(voyage.toy.asked().len(), 1 + 3);
}

#[test]
fn units_that_never_become_healthy_time_out() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.startup = secs(61);
    assert!(matches!(reverted(voyage.sail()), Cause::Unhealthy { .. }));
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.startup = secs(55);
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
}

/// The proof of health grows old while the router does not answer; proving it again must not
/// start the wait for the router again.
#[test]
fn a_router_that_forgets_times_out() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    forgets(&mut voyage, |action| matches!(action, Action::Traffic { .. }));
    let waiting_for = "the router to give the candidate its traffic";
    assert_eq!(reverted(voyage.sail()), timeout(waiting_for, 30));
}

#[test]
fn a_router_that_forgets_ends_the_run_all_the_same() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    forgets(&mut voyage, |action| matches!(action, Action::Traffic { .. }));
    reverted(voyage.sail());
    assert_eq!(voyage.toy.serving(), [("v1", 4, 100)]);
}

#[test]
fn old_units_that_never_stop_time_out() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    forgets(&mut voyage, |action| matches!(action, Action::Capacity { units: 0, .. }));
    let cause = timeout("the stable release's units to stop", 40);
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause });
}

#[test]
fn old_units_that_never_stop_before_the_last_step_make_the_run_go_back() {
    let steps = vec![step(100, 60, 50), step(100, 100, 0)];
    let mut voyage = scenarios::deploy(Strategy::Custom(steps));
    forgets(
        &mut voyage,
        |action| matches!(action, Action::Capacity { release, units: 2 } if release.as_str() == "v1"),
    );
    assert_eq!(reverted(voyage.sail()), timeout("the stable release's units to stop", 40));
}

#[test]
fn a_platform_that_never_finishes_times_out() {
    let mut voyage = scenarios::delegated(vec![]);
    voyage.toy.startup = secs(125);
    let hits: Hits = |action| matches!(action, Action::Roll { .. });
    voyage.until("the roll", |voyage| voyage.toy.orders.iter().any(|order| hits(&order.action)));
    voyage.toy.startup = secs(2);
    assert_eq!(reverted(voyage.sail()), timeout("the platform's own rollout", 120));
    assert_eq!(voyage.toy.serving(), [("v1", 4, 100)]);
}

#[test]
fn a_platform_that_does_not_go_on_times_out() {
    let mut voyage = scenarios::paused_by_the_platform();
    forgets(&mut voyage, |action| matches!(action, Action::Proceed { .. }));
    assert_eq!(reverted(voyage.sail()), timeout("the platform to go on from its hook", 30));
}

#[test]
fn a_platform_that_never_comes_back_is_stuck() {
    let mut voyage = scenarios::delegated(vec![soak(secs(60))]);
    voyage.reach("holding");
    forgets(&mut voyage, |action| matches!(action, Action::Roll { .. }));
    voyage.feed(aborted());
    assert_eq!(stuck(&mut voyage), "waited 2m in vain for the platform's own rollback");
}

#[test]
fn migrations_that_never_end_time_out() {
    let mut voyage = scenarios::everything();
    voyage.toy.startup = secs(100);
    assert_eq!(reverted(voyage.sail()), timeout("the expand migrations", 90));
    assert_eq!(voyage.toy.asked(), ["claim the target", "apply expand migrations `0042`"]);
}

#[test]
fn somebody_elses_migration_is_waited_for_and_not_started_twice() {
    let mut voyage = scenarios::everything();
    voyage.toy.schema = Schema::Applying;
    voyage.until("the question", |voyage| *voyage.run.effect() == Effect::Inspect);
    voyage.feed(Event::Inspected(Ok(Schema::Applying)));
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
    assert!(!voyage.toy.asked().iter().any(|order| order.contains("migrations")));
}

#[test]
fn a_router_that_does_not_return_traffic_is_stuck() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    forgets(&mut voyage, |action| matches!(action, Action::Traffic { .. }));
    voyage.feed(aborted());
    let reason = "waited 30s in vain for the router to take all traffic from the candidate";
    assert_eq!(stuck(&mut voyage), reason);
}

#[test]
fn a_candidate_that_does_not_stop_is_stuck() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    forgets(&mut voyage, |action| matches!(action, Action::Capacity { .. }));
    voyage.feed(aborted());
    assert_eq!(stuck(&mut voyage), "waited 40s in vain for the candidate's units to stop");
}

#[test]
fn an_old_release_that_never_gets_well_again_is_stuck() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.feed(aborted());
    voyage.until("the return", |voyage| voyage.toy.share("v2") == percent(0));
    voyage.toy.truth.groups[0].ready = 3;
    assert_eq!(stuck(&mut voyage), "waited 1m in vain for exactly the old release to run");
}

#[test]
fn an_old_release_that_does_not_start_again_leaves_a_healthy_candidate_in_charge() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.about_to("stop the units of `v1`");
    voyage.step();
    forgets(&mut voyage, |action| matches!(action, Action::Capacity { .. }));
    voyage.feed(aborted());
    let cause = Cause::Aborted { by: "ana".into() };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause: cause.clone() });
    assert_eq!(voyage.parked(), &Why::Held { cause });
    assert_eq!(voyage.toy.serving(), [("v2", 4, 100)]);
    assert!(voyage.run.goes_back());
}

#[test]
fn requests_in_flight_are_waited_for() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].in_flight = Some(3);
    voyage.reach("draining");
    let since = voyage.now;
    voyage.about_to("stop the units of `v1`");
    let drained = voyage.now.since(since);
    assert!((9_000..12_000).contains(&drained.as_millis()), "{drained}");
}

#[test]
fn a_stop_waits_no_longer_than_the_requests_in_flight() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].in_flight = Some(3);
    voyage.reach("draining");
    let since = voyage.now;
    voyage.toy.truth.groups[0].in_flight = Some(0);
    voyage.about_to("stop the units of `v1`");
    assert!(voyage.now.since(since) < secs(2));
}

#[test]
fn where_requests_cannot_be_counted_the_whole_time_is_given() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].in_flight = None;
    voyage.reach("draining");
    let since = voyage.now;
    voyage.about_to("stop the units of `v1`");
    assert!(voyage.now.since(since) >= secs(9));
}

#[test]
fn a_part_of_the_old_units_goes_without_waiting_for_the_requests_of_all() {
    let mut voyage = scenarios::deploy(rolling(2, vec![soak(secs(3))]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].in_flight = Some(3);
    voyage.until("the end of the step", |voyage| voyage.toy.serving().contains(&("v1", 2, 50)));
    assert!(voyage.now.since(START) < secs(14), "{}", voyage.now.since(START));
}

#[test]
fn requests_at_the_candidate_are_waited_for_on_the_way_back() {
    let stopped_after = |in_flight| {
        let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
        voyage.reach("holding");
        voyage.toy.truth.groups.last_mut().unwrap().in_flight = in_flight;
        voyage.feed(aborted());
        let since = voyage.now;
        voyage.about_to("stop the units of `v2`");
        voyage.now.since(since).as_millis()
    };
    assert!(stopped_after(Some(0)) < 2_000);
    assert!((10_000..13_000).contains(&stopped_after(Some(1))));
    assert!((10_000..13_000).contains(&stopped_after(None)));
}

fn unavailable(retry_after: Option<Span>) -> ReadFailure {
    ReadFailure::Unavailable { reason: "504".into(), retry_after }
}

#[test]
fn a_target_that_cannot_be_read_for_a_while_is_read_again() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(20))]));
    voyage.reach("holding");
    voyage.toy.unreadable = (20, unavailable(None));
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
}

#[test]
fn a_target_that_cannot_be_read_any_more_is_unknown() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(20))]));
    voyage.reach("holding");
    voyage.toy.unreadable = (u32::MAX, unavailable(None));
    let since = voyage.now;
    assert_eq!(voyage.sail(), Verdict::Unknown { reason: "504".into() });
    assert!((30..33).contains(&(voyage.now.since(since).as_millis() / 1_000)));
    voyage.toy.unreadable.0 = 0;
    voyage.resume(false);
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
}

#[test]
fn a_target_that_may_not_be_read_is_unknown_at_once() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(20))]));
    voyage.reach("holding");
    voyage.toy.unreadable = (u32::MAX, ReadFailure::Refused { reason: "403".into() });
    let since = voyage.now;
    assert_eq!(voyage.sail(), Verdict::Unknown { reason: "403".into() });
    assert!(voyage.now.since(since) < secs(2));
}

#[test]
fn a_target_says_itself_when_it_can_be_read_again() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(20))]));
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    voyage.feed(Event::Observed(Err(unavailable(Some(secs(7))))));
    assert_eq!(voyage.run.effect(), &Effect::Wait { until: voyage.now + secs(7) });
}

#[test]
fn migrations_that_cannot_be_read_are_unknown() {
    let mut voyage = scenarios::everything();
    voyage.until("the question", |voyage| *voyage.run.effect() == Effect::Inspect);
    voyage.feed(Event::Inspected(Err(ReadFailure::Refused { reason: "no grant".into() })));
    assert_eq!(voyage.run.verdict(), Some(Verdict::Unknown { reason: "no grant".into() }));
    voyage.resume(false);
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
}

fn within(calls: u32) -> Voyage {
    let limits = Some(Limits { calls, ..limits() });
    let asked = Request { limits, ..request(canary(&[10], &[soak(secs(100))])) };
    scenarios::voyage(asked, v1_serves(), &can())
}

#[test]
fn a_run_that_uses_up_its_calls_goes_back() {
    let mut voyage = within(40);
    assert_eq!(reverted(voyage.sail()), Cause::Budget { calls: 40 });
    assert!(voyage.run.calls() <= 60, "{}", voyage.run.calls());
    assert_eq!(voyage.toy.serving(), [("v1", 4, 100)]);
}

#[test]
fn only_what_reaches_the_target_or_its_metrics_is_a_call() {
    let mut voyage = scenarios::everything();
    while voyage.run.verdict().is_none() {
        let before = voyage.run.calls();
        voyage.step();
        let free = matches!(
            voyage.run.effect(),
            Effect::Wait { .. } | Effect::Ask { .. } | Effect::Finish
        );
        assert_eq!(voyage.run.calls() - before, u32::from(!free), "{:?}", voyage.run.effect());
    }
}

#[test]
fn a_way_back_that_uses_up_its_calls_is_stuck() {
    let mut voyage = within(40);
    forgets(
        &mut voyage,
        |action| matches!(action, Action::Traffic { share, .. } if share.basis_points() == 0),
    );
    voyage.reach("holding");
    voyage.toy.truth.groups[0].ready = 0;
    let reason = stuck_or_held(&mut voyage);
    assert_eq!(reason, "used up the 40 calls that the plan allows");
}

fn stuck_or_held(voyage: &mut Voyage) -> String {
    assert!(matches!(voyage.sail(), Verdict::NotReverted { .. }));
    match voyage.parked() {
        Why::Stuck { reason, .. } => reason.clone(),
        Why::Held { cause } => cause.to_string(),
        why => panic!("{why:?}"),
    }
}

#[test]
fn the_planned_budget_is_enough_for_the_slowest_run_that_succeeds() {
    let mut asked = request(canary(&[10, 50], &[soak(secs(60))]));
    asked.migration = Some(MigrationId("1".into()));
    let mut voyage = scenarios::voyage(asked, v1_serves(), &can());
    voyage.toy.startup = secs(55);
    assert!(matches!(voyage.sail(), Verdict::Deployed { .. }));
    assert!(voyage.run.calls() < voyage.run.plan().limits.calls);
}

/// However long somebody else asks the run to wait, its own deadlines hold.
#[test]
fn a_target_cannot_put_a_run_to_sleep() {
    use pilotage_rollout::target::{Outcome, Rejection};
    let forever = Some(secs(1_000_000));
    let busy = Rejection::Busy { reason: "throttled".into(), retry_after: forever };
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.about_to("run one unit of `v2`");
    voyage.feed(Event::Acted(Outcome::NotApplied(busy)));
    let Effect::Wait { until } = voyage.run.effect() else { panic!("no wait") };
    assert!(until.since(voyage.now) <= limits().confirm, "{}", until.since(voyage.now));
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    voyage.feed(Event::Observed(Err(unavailable(forever))));
    let Effect::Wait { until } = voyage.run.effect() else { panic!("no wait") };
    assert!(until.since(voyage.now) <= limits().confirm, "{}", until.since(voyage.now));
}

/// A target that asks to be read again at once cannot make the run call it without a pause.
#[test]
fn a_target_cannot_make_a_run_spin() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    voyage.feed(Event::Observed(Err(unavailable(Some(Span::ZERO)))));
    assert!(matches!(voyage.run.effect(), Effect::Wait { .. }), "{:?}", voyage.run.effect());
}
