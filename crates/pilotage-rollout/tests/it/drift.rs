//! What somebody else changes meanwhile is never overwritten by guesswork, and what slips back is
//! repaired a limited number of times.

use pilotage_artifact::Digest;
use pilotage_rollout::gate::Via;
use pilotage_rollout::run::Why;
use pilotage_rollout::target::{Action, Delegation, Group, Outcome, Rejection};
use pilotage_rollout::{Cause, Effect, Share, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::toy::Fault;
use crate::voyage::{Voyage, aborted, reverted};

fn at_a_gate() -> Voyage {
    let mut voyage = scenarios::deploy(canary(&[10, 50], &[soak(secs(20))]));
    voyage.reach("holding");
    voyage
}

fn candidate(voyage: &mut Voyage) -> &mut Group {
    voyage.toy.truth.groups.iter_mut().find(|group| group.release.id == id("v2")).unwrap()
}

fn drifted(voyage: &mut Voyage) -> String {
    let Verdict::Paused { reason } = voyage.sail() else { panic!("{:?}", voyage.run.phase()) };
    assert_eq!(voyage.parked(), &Why::Drift { reason: reason.clone() });
    reason
}

/// At every look of every kind of run, somebody brings in a release of their own.
#[test]
fn a_stranger_stops_a_run_that_goes_forward() {
    for (kind, mut voyage) in scenarios::all() {
        while voyage.run.verdict().is_none() {
            let forward = !matches!(voyage.stage().as_str(), "claiming" | "checking" | "pruning");
            if forward && *voyage.run.effect() == Effect::Observe {
                let mut disturbed = voyage.clone();
                disturbed.toy.lag = secs(0);
                disturbed.toy.truth.groups.push(group(release(9), 1, Share::NONE));
                let place = format!("{kind}, {}", voyage.stage());
                let verdict = disturbed.sail();
                let expected =
                    Verdict::Paused { reason: "`v9` is live and not part of the plan".into() };
                assert_eq!(verdict, expected, "{place}");
            }
            voyage.step();
        }
    }
}

#[test]
fn other_content_under_the_name_of_the_candidate_is_a_stranger() {
    let mut voyage = at_a_gate();
    candidate(&mut voyage).release.digest = Digest::of(b"forged");
    assert_eq!(drifted(&mut voyage), "`v2` is live and not part of the plan");
}

#[test]
fn traffic_that_the_run_never_gave_is_not_taken_for_its_own() {
    let mut voyage = at_a_gate();
    candidate(&mut voyage).share = percent(30);
    assert_eq!(drifted(&mut voyage), "somebody gave the candidate 30 % of the traffic");
    assert_eq!(voyage.toy.asked().len(), 3, "and nothing was written about it");
}

#[test]
fn traffic_of_a_later_step_was_not_given_either() {
    let mut voyage = at_a_gate();
    candidate(&mut voyage).share = percent(50);
    assert_eq!(drifted(&mut voyage), "somebody gave the candidate 50 % of the traffic");
}

#[test]
fn drift_that_a_person_has_settled_is_gone_on_from() {
    let mut voyage = at_a_gate();
    candidate(&mut voyage).share = percent(30);
    drifted(&mut voyage);
    candidate(&mut voyage).share = percent(10);
    voyage.resume(false);
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn a_target_that_was_made_again_is_another_target() {
    let mut voyage = at_a_gate();
    voyage.toy.truth.incarnation += 1;
    assert_eq!(
        drifted(&mut voyage),
        "the target was deleted and made again since the plan was made"
    );
}

#[test]
fn traffic_that_slips_back_is_given_again_but_not_for_ever() {
    let mut voyage = at_a_gate();
    for _ in 0..2 {
        candidate(&mut voyage).share = Share::NONE;
        voyage.until("the repair", |voyage| voyage.toy.share("v2") == percent(10));
        voyage.reach("holding");
    }
    candidate(&mut voyage).share = Share::NONE;
    assert_eq!(drifted(&mut voyage), "the candidate's traffic slipped back to 0 %");
    let given =
        voyage.toy.asked().iter().filter(|order| *order == "give `v2` 10 % of the traffic").count();
    assert_eq!(given, 3);
}

#[test]
fn repairs_are_counted_anew_after_a_person_resumed_the_run() {
    let mut voyage = at_a_gate();
    for round in 0..4 {
        candidate(&mut voyage).share = Share::NONE;
        voyage.until("the repair", |voyage| voyage.toy.share("v2") == percent(10));
        voyage.reach("holding");
        if round == 1 {
            voyage.resume(false);
            voyage.reach("holding");
        }
    }
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn units_that_were_taken_away_are_asked_for_again_but_not_for_ever() {
    let mut voyage = at_a_gate();
    for _ in 0..2 {
        candidate(&mut voyage).desired = 0;
        voyage.until("the repair", |voyage| voyage.toy.serving().contains(&("v2", 1, 10)));
        voyage.reach("holding");
    }
    candidate(&mut voyage).desired = 0;
    assert!(matches!(reverted(voyage.sail()), Cause::Unhealthy { .. }));
}

#[test]
fn units_that_are_taken_away_before_they_are_proven_are_asked_for_again() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.reach("proving");
    candidate(&mut voyage).desired = 0;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.asked()[1..3], ["run one unit of `v2`"; 2]);
}

#[test]
fn traffic_that_returns_to_the_candidate_on_the_way_back_is_taken_again() {
    let mut voyage = at_a_gate();
    voyage.feed(aborted());
    voyage.about_to("stop the units of `v2`");
    candidate(&mut voyage).share = percent(10);
    candidate(&mut voyage).ready = 1;
    let busy = Rejection::Busy { reason: "conflict".into(), retry_after: None };
    voyage.toy.faults.push((|_| true, Fault::Answer(Outcome::NotApplied(busy)), 1));
    reverted(voyage.sail());
    assert_eq!(
        voyage.toy.asked()[3..],
        [
            "give `v2` 0 % of the traffic",
            "stop the units of `v2`",
            "give `v2` 0 % of the traffic",
            "stop the units of `v2`",
        ]
    );
}

/// A run that waits for the last unit before it calls itself done.
fn almost_done() -> Voyage {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.about_to("stop the units of `v1`");
    voyage.step();
    candidate(&mut voyage).ready = 3;
    voyage.reach("asserting");
    voyage
}

/// What a run that was almost done orders after this has slipped, until it is done.
fn repaired(slip: fn(&mut Group, &mut Group)) -> Vec<String> {
    let mut voyage = almost_done();
    let before = voyage.toy.orders.len();
    let [stable, candidate] = voyage.toy.truth.groups.as_mut_slice() else { panic!("two sides") };
    candidate.ready = 4;
    slip(stable, candidate);
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.serving(), [("v2", 4, 100)]);
    voyage.toy.asked().split_off(before)
}

#[test]
fn an_old_release_that_comes_back_at_the_end_is_stopped_again() {
    let orders = repaired(|stable, _| (stable.desired, stable.ready) = (4, 4));
    assert_eq!(orders, ["stop the units of `v1`"]);
}

#[test]
fn traffic_that_slips_at_the_end_is_given_again() {
    let orders = repaired(|_, candidate| candidate.share = Share::NONE);
    assert_eq!(orders, ["give `v2` 100 % of the traffic"]);
}

#[test]
fn units_that_are_lost_at_the_end_are_asked_for_again() {
    let orders = repaired(|_, candidate| (candidate.desired, candidate.ready) = (3, 3));
    assert_eq!(orders, ["run 4 units of `v2`"]);
}

/// A run that waits for the last unit of the old release before it calls itself reverted.
fn almost_back() -> Voyage {
    let mut voyage = at_a_gate();
    voyage.feed(aborted());
    voyage.about_to("stop the units of `v2`");
    voyage.toy.truth.groups[0].ready = 3;
    voyage.reach("closing");
    voyage
}

#[test]
fn traffic_that_returns_to_the_candidate_at_the_very_end_is_taken_again() {
    let mut voyage = almost_back();
    candidate(&mut voyage).share = percent(10);
    voyage.toy.truth.groups[0].ready = 4;
    reverted(voyage.sail());
    assert_eq!(voyage.toy.serving(), [("v1", 4, 100)]);
    assert_eq!(voyage.toy.asked().last().unwrap(), "give `v2` 0 % of the traffic");
}

#[test]
fn an_old_release_without_units_or_traffic_is_no_end() {
    let slips: [fn(&mut Group); 2] = [
        |stable| (stable.desired, stable.ready) = (0, 0),
        |stable| (stable.ready, stable.share) = (4, percent(90)),
    ];
    for slip in slips {
        let mut voyage = almost_back();
        slip(&mut voyage.toy.truth.groups[0]);
        assert!(matches!(voyage.sail(), Verdict::NotReverted { .. }), "{:?}", voyage.toy.serving());
    }
}

#[test]
fn a_candidate_that_loses_a_unit_keeps_the_old_release_running() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    voyage.reach("holding");
    voyage.toy.truth.groups[0].in_flight = Some(3);
    voyage.reach("draining");
    candidate(&mut voyage).ready = 3;
    voyage.until("another stage", |voyage| voyage.stage() != "draining");
    assert_eq!(voyage.stage(), "proving");
    assert_eq!(voyage.toy.serving(), [("v1", 4, 0), ("v2", 4, 100)]);
    candidate(&mut voyage).ready = 4;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn a_rejected_stop_is_repeated_only_while_the_candidate_is_whole() {
    let mut voyage = scenarios::deploy(blue_green(vec![], vec![]));
    let busy = Rejection::Busy { reason: "conflict".into(), retry_after: None };
    let stops = |action: &Action| matches!(action, Action::Capacity { units: 0, .. });
    voyage.toy.faults.push((stops, Fault::Answer(Outcome::NotApplied(busy)), 1));
    voyage.about_to("stop the units of `v1`");
    voyage.step();
    candidate(&mut voyage).ready = 3;
    let (orders, until) = (voyage.toy.orders.len(), voyage.now + secs(10));
    voyage.until("a while", |voyage| voyage.now >= until);
    assert_eq!(voyage.toy.orders.len(), orders, "nothing is stopped meanwhile");
    candidate(&mut voyage).ready = 4;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
}

#[test]
fn the_state_that_the_plan_was_made_from_must_still_be_there() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.toy.truth.groups[0].release = release(0);
    let reason = "the target is no longer in the state that the plan was made from: plan again";
    assert_eq!(voyage.sail(), Verdict::Refused { reason: reason.into() });
    assert!(voyage.run.is_over());
    assert_eq!(voyage.toy.asked(), ["claim the target"]);
}

#[test]
fn an_expired_plan_is_refused() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.now = START + secs(600);
    let reason = "the plan expired 2ms ago: plan again";
    assert_eq!(voyage.sail(), Verdict::Refused { reason: reason.into() });
    let mut in_time = scenarios::deploy(canary(&[10], &[]));
    in_time.now = START + secs(599);
    assert!(matches!(in_time.sail(), Verdict::Deployed { .. }));
}

#[test]
fn a_plan_may_be_started_until_the_very_moment_of_its_end() {
    let mut voyage = scenarios::deploy(canary(&[10], &[]));
    voyage.step();
    let end = voyage.run.plan().expires_at;
    let seen = pilotage_rollout::Event::Observed(Ok(voyage.toy.truth.clone()));
    voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
    let started = voyage.run.clone().advance(end, &seen).unwrap();
    assert_eq!(started.verdict(), None);
    let late = voyage.run.clone().advance(end + pilotage_rollout::Span::from_millis(1), &seen);
    assert!(matches!(late.unwrap().verdict(), Some(Verdict::Refused { .. })));
}

#[test]
fn an_autoscaler_that_grows_the_old_release_grows_the_candidate() {
    let mut voyage = at_a_gate();
    voyage.toy.truth.groups[0].desired = 20;
    voyage.toy.truth.groups[0].ready = 20;
    voyage.until("more units", |voyage| voyage.toy.serving().contains(&("v2", 2, 10)));
    assert_eq!(voyage.run.size(), 20);
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!(voyage.toy.serving(), [("v2", 20, 100)]);
}

#[test]
fn an_autoscaler_that_shrinks_the_old_release_changes_nothing() {
    let mut voyage = at_a_gate();
    voyage.toy.truth.groups[0].desired = 2;
    voyage.toy.truth.groups[0].ready = 2;
    assert_eq!(voyage.sail(), Verdict::Deployed { release: id("v2") });
    assert_eq!((voyage.run.size(), voyage.toy.serving()), (4, vec![("v2", 4, 100)]));
}

#[test]
fn going_back_does_not_grow_what_an_autoscaler_has_shrunk() {
    let mut voyage = at_a_gate();
    voyage.toy.truth.groups[0].desired = 2;
    voyage.toy.truth.groups[0].ready = 2;
    voyage.feed(aborted());
    reverted(voyage.sail());
    assert_eq!(voyage.toy.serving(), [("v1", 2, 100)]);
}

#[test]
fn somebody_elses_rollout_is_not_rolled_over() {
    for delegation in [
        Delegation::Rolling { release: id("v9") },
        Delegation::Awaiting { release: id("v9"), hook: "bake".into() },
    ] {
        let mut voyage = scenarios::delegated(vec![]);
        voyage.reach("rolling");
        voyage.step();
        voyage.toy.truth.delegation = delegation;
        voyage.until("a look", |voyage| *voyage.run.effect() == Effect::Observe);
        let seen = voyage.toy.truth.clone();
        voyage.feed(pilotage_rollout::Event::Observed(Ok(seen)));
        assert_eq!(drifted(&mut voyage), "somebody has the platform roll to `v9`");
    }
}

#[test]
fn a_finished_rollout_of_somebody_else_is_not_rolled_over() {
    let mut voyage = scenarios::delegated(vec![soak(secs(20))]);
    voyage.reach("holding");
    voyage.toy.truth = live(vec![group(release(9), 4, Share::ALL)]);
    voyage.toy.truth.fence = voyage.run.fence();
    voyage.toy.truth.delegation = Delegation::Complete { release: id("v9") };
    assert_eq!(drifted(&mut voyage), "`v9` is live and not part of the plan");
    assert_eq!(voyage.toy.serving(), [("v9", 4, 100)]);
}

#[test]
fn a_finished_rollout_of_somebody_else_is_not_rolled_back_either() {
    let mut voyage = scenarios::delegated(vec![soak(secs(20))]);
    voyage.reach("holding");
    voyage.toy.truth.groups = vec![group(release(9), 4, Share::ALL)];
    voyage.toy.truth.delegation = Delegation::Complete { release: id("v9") };
    voyage.feed(aborted());
    assert_eq!(drifted(&mut voyage), "`v9` is live and not part of the plan");
    assert_eq!(voyage.toy.serving(), [("v9", 4, 100)]);
}

#[test]
fn a_smoke_check_does_not_hide_drift() {
    let mut voyage = scenarios::deploy(canary(&[10], &[smoke(Via::Production, 1)]));
    voyage.until("the check", |voyage| matches!(voyage.run.effect(), Effect::Probe(_)));
    candidate(&mut voyage).share = percent(30);
    assert_eq!(drifted(&mut voyage), "somebody gave the candidate 30 % of the traffic");
}
