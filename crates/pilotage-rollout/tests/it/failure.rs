//! The failure policy: what a failure leads to depends on how far the run has come.

use pilotage_rollout::gate::{HealthRule, Via};
use pilotage_rollout::plan::Request;
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, Failing, Outcome, Rejection, Schema};
use pilotage_rollout::{Cause, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::Fault;
use crate::voyage::{Voyage, aborted, reverted};

const OLD_SERVES: [(&str, u16, u16); 1] = [("v1", 4, 100)];

fn refusal() -> Fault {
    Fault::Answer(Outcome::NotApplied(Rejection::Refused { reason: "no quota".into() }))
}

fn capacity_of(action: &Action, name: &str) -> bool {
    matches!(action, Action::Capacity { release, .. } if release.as_str() == name)
}

fn lose_a_unit(voyage: &mut Voyage) {
    let candidate =
        voyage.toy.truth.groups.iter_mut().find(|group| group.release.id == id("v2")).unwrap();
    candidate.ready -= 1;
    candidate.failing = vec![failing(false)];
}

#[test]
fn a_refused_claim_ends_the_run_before_anything_was_written() {
    let mut voyage = scenarios::deploy(rolling(2, vec![]));
    voyage.toy.faults.push((|action| *action == Action::Claim, refusal(), 1));
    let Verdict::Refused { reason } = voyage.sail() else { panic!("not refused") };
    assert!(reason.ends_with("no quota"), "{reason}");
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
}

#[test]
fn a_candidate_that_never_becomes_healthy_is_disposed_of() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.sick = Some(failing(false));
    let reason = "0 of 1 units ready; unit-1: no such image".into();
    assert_eq!(reverted(voyage.sail()), Cause::Unhealthy { reason });
    assert_eq!(
        voyage.toy.asked(),
        ["claim the target", "run one unit of `v2`", "stop the units of `v2`"]
    );
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
    assert!(voyage.run.goes_back());
}

#[test]
fn a_candidate_without_words_is_reported_by_its_numbers() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.startup = secs(10_000);
    let reason = "0 of 1 units ready".into();
    assert_eq!(reverted(voyage.sail()), Cause::Unhealthy { reason });
}

#[test]
fn a_hopeless_candidate_is_not_waited_for() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.sick = Some(failing(true));
    let reason = "unit-1: no such image".into();
    assert_eq!(reverted(voyage.sail()), Cause::Hopeless { reason });
    assert!(voyage.now < START + secs(30), "took until {:?}", voyage.now);
}

#[test]
fn the_hopeless_unit_is_named_among_others() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.reach("proving");
    let slow = Failing { unit: "unit-0".into(), reason: "starting".into(), hopeless: false };
    voyage.toy.truth.groups.last_mut().unwrap().failing = vec![slow, failing(true)];
    let reason = "unit-1: no such image".into();
    assert_eq!(reverted(voyage.sail()), Cause::Hopeless { reason });
}

#[test]
fn a_refused_start_of_the_candidate_leaves_the_old_release_alone() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.faults.push((|action| capacity_of(action, "v2"), refusal(), 1));
    let reason = "run one unit of `v2`: no quota".into();
    assert_eq!(reverted(voyage.sail()), Cause::Refused { reason });
    assert_eq!(voyage.toy.asked().len(), 2);
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn during_the_shift_traffic_goes_back_before_the_candidate_is_stopped() {
    let mut voyage = scenarios::deploy(canary(&[10, 50], &[soak(secs(60))]));
    voyage.reach("holding");
    lose_a_unit(&mut voyage);
    let reason = "0 of 1 units ready; unit-1: no such image".into();
    assert_eq!(reverted(voyage.sail()), Cause::Unhealthy { reason });
    assert_eq!(voyage.toy.asked()[3..], ["give `v2` 0 % of the traffic", "stop the units of `v2`"]);
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_flap_that_the_health_rule_tolerates_is_tolerated() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(10))]));
    voyage.reach("holding");
    voyage
        .until("a look", |voyage| matches!(voyage.run.effect(), pilotage_rollout::Effect::Observe));
    lose_a_unit(&mut voyage);
    voyage.step();
    voyage.toy.truth.groups.last_mut().unwrap().ready += 1;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn restarts_count_as_ill_health() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    while voyage.stage() == "holding" {
        if matches!(voyage.run.effect(), pilotage_rollout::Effect::Observe) {
            voyage.toy.truth.groups.last_mut().unwrap().restarts += 1;
        }
        voyage.step();
    }
    let reason = "1 of 1 units ready".into();
    assert_eq!(reverted(voyage.sail()), Cause::Unhealthy { reason });
}

#[test]
fn stopped_units_of_the_old_release_are_started_and_proven_before_traffic_returns() {
    let mut voyage = scenarios::deploy(rolling(2, vec![soak(secs(3))]));
    voyage
        .until("the second batch", |voyage| voyage.toy.serving() == [("v1", 2, 0), ("v2", 4, 100)]);
    lose_a_unit(&mut voyage);
    reverted(voyage.sail());
    assert_eq!(
        voyage.toy.asked()[6..],
        ["run 4 units of `v1`", "give `v2` 0 % of the traffic", "stop the units of `v2`"]
    );
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn once_the_old_release_was_stopped_a_failing_candidate_is_held() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.about_to("stop the units of `v1`");
    voyage.step();
    lose_a_unit(&mut voyage);
    let reason = "exactly the new release to run".into();
    let cause = Cause::Timeout { waiting_for: reason, limit: secs(60) };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause });
    assert_eq!(voyage.toy.serving(), [("v2", 4, 100)], "nothing was taken away");
    assert!(!voyage.run.is_over(), "it can be resumed or given up");
}

#[test]
fn a_refusal_to_stop_the_old_release_holds_the_new_one() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.toy.faults.push((|action| capacity_of(action, "v1"), refusal(), 1));
    let cause = Cause::Refused { reason: "stop the units of `v1`: no quota".into() };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause });
    assert_eq!(voyage.toy.serving(), [("v1", 4, 0), ("v2", 4, 100)]);
}

#[test]
fn a_held_run_goes_back_when_a_person_gives_it_up() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.about_to("stop the units of `v1`");
    voyage.step();
    lose_a_unit(&mut voyage);
    voyage.sail();
    voyage.feed(aborted());
    assert!(voyage.run.goes_back());
    voyage.resume(false);
    assert_eq!(reverted(voyage.sail()), Cause::Aborted { by: "ana".into() });
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_way_back_that_is_refused_is_stuck_and_never_a_loop() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    lose_a_unit(&mut voyage);
    let hits = |action: &Action| matches!(action, Action::Traffic { .. });
    voyage.toy.faults.push((hits, refusal(), u32::MAX));
    let cause = Cause::Unhealthy { reason: "0 of 1 units ready; unit-1: no such image".into() };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause: cause.clone() });
    let reason = "the target refused: give `v2` 0 % of the traffic: no quota".into();
    assert_eq!(voyage.parked(), &Why::Stuck { cause, reason });
    assert_eq!(voyage.toy.asked().len(), 4, "asked once");
}

#[test]
fn a_stuck_run_goes_on_going_back_when_it_is_resumed() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    lose_a_unit(&mut voyage);
    let hits = |action: &Action| matches!(action, Action::Traffic { .. });
    voyage.toy.faults.push((hits, refusal(), 1));
    voyage.sail();
    voyage.resume(false);
    assert!(matches!(reverted(voyage.sail()), Cause::Unhealthy { .. }));
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_dirty_migration_stops_the_deploy_before_anything_serves() {
    let mut voyage = scenarios::everything();
    voyage.toy.schema = Schema::Dirty { reason: "0042 line 3".into() };
    assert_eq!(reverted(voyage.sail()), Cause::Migration { reason: "0042 line 3".into() });
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
}

#[test]
fn a_failed_first_deploy_leaves_nothing_behind() {
    let mut voyage = scenarios::first_deploy();
    voyage.reach("holding");
    voyage.until("all traffic", |voyage| voyage.toy.serving() == [("v2", 3, 100)]);
    lose_a_unit(&mut voyage);
    reverted(voyage.sail());
    assert_eq!(voyage.toy.serving(), []);
}

#[test]
fn a_sick_old_release_does_not_get_traffic_back_from_a_healthy_candidate() {
    let mut voyage = scenarios::deploy(canary(&[10], &[smoke(Via::Production, 1)]));
    voyage.toy.smoke_failures = 1;
    voyage.about_to("give `v2` 10 % of the traffic");
    voyage.toy.truth.groups[0].ready = 1;
    let cause = Cause::Smoke { check: "front page".into(), reason: "502".into() };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause });
    assert_eq!(voyage.toy.serving(), [("v1", 4, 90), ("v2", 1, 10)]);
}

#[test]
fn where_both_sides_are_sick_the_old_one_gets_its_traffic_back() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].ready = 1;
    lose_a_unit(&mut voyage);
    assert!(matches!(voyage.sail(), Verdict::NotReverted { .. }));
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn traffic_does_not_go_back_to_an_old_release_without_units() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    let stable = &mut voyage.toy.truth.groups[0];
    (stable.desired, stable.ready) = (0, 0);
    voyage.feed(aborted());
    let cause = Cause::Aborted { by: "ana".into() };
    assert_eq!(voyage.sail(), Verdict::NotReverted { cause: cause.clone() });
    assert_eq!(voyage.parked(), &Why::Held { cause });
    assert_eq!(voyage.toy.share("v2"), percent(10));
}

/// A run whose order to shift was rejected for this long, with this many candidates ready then.
fn after_a_rejected_shift(wait: u64, ready: u16) -> String {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    let retry_after = Some(secs(wait));
    let busy = Rejection::Busy { reason: "throttled".into(), retry_after };
    let shifts = |action: &Action| matches!(action, Action::Traffic { .. });
    voyage.toy.faults.push((shifts, Fault::Answer(Outcome::NotApplied(busy)), 1));
    voyage.about_to("give `v2` 10 % of the traffic");
    voyage.step();
    voyage.toy.truth.groups.last_mut().unwrap().ready = ready;
    voyage.step();
    voyage.step();
    voyage.stage()
}

#[test]
fn traffic_moves_only_on_a_proof_of_health_that_is_young() {
    assert_eq!(after_a_rejected_shift(9, 1), "shifting");
    assert_eq!(after_a_rejected_shift(11, 1), "proving", "the proof is older than ten seconds");
    assert_eq!(after_a_rejected_shift(2, 0), "proving", "the unit is not ready any more");
}

#[test]
fn a_candidate_without_units_is_no_reason_to_hold_it() {
    let mut voyage = scenarios::deploy(canary(&[10], &[soak(secs(60))]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].ready = 1;
    let candidate = voyage.toy.truth.groups.last_mut().unwrap();
    (candidate.desired, candidate.ready) = (0, 0);
    voyage.feed(aborted());
    assert!(matches!(voyage.sail(), Verdict::NotReverted { .. }));
    assert_eq!(voyage.toy.serving(), OLD_SERVES);
}

#[test]
fn a_longer_health_rule_is_looked_at_for_longer() {
    let looks = |n| {
        let health = HealthRule::new(n, n, secs(1), secs(10)).unwrap();
        let asked = Request { health, ..request(blue_green(vec![], vec![])) };
        let mut voyage = scenarios::voyage(asked, v1_serves(), &can());
        voyage.toy.startup = secs(0);
        voyage.reach("shifting");
        voyage.now
    };
    assert!(looks(9) > looks(4) + secs(4));
}
