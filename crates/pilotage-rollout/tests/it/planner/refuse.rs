//! One test for each reason for which no plan is made, with the whole message.

use pilotage_artifact::Digest;
use pilotage_rollout::gate::{Inconclusive, Via};
use pilotage_rollout::plan::{Kind, Planned, Refusal, Request};
use pilotage_rollout::target::{Delegation, TrafficControl};
use pilotage_rollout::{Capabilities, Observation, Share, Span, plan};

use crate::fixtures::*;

fn refused(request: Request, seen: &Observation, can: &Capabilities) -> Refusal {
    plan::plan(request, seen, can, START).unwrap_err()
}

/// The message for a request that is made while `v1` serves on an ordinary target.
fn told_of(request: Request) -> String {
    told(&refused(request, &v1_serves(), &can()))
}

#[test]
fn two_live_releases_are_an_unfinished_run() {
    let seen = live(vec![group(release(1), 4, percent(90)), group(release(3), 1, percent(10))]);
    assert_eq!(
        told(&refused(request(rolling(2, vec![])), &seen, &can())),
        "`v1` and `v3` are both live: an earlier run is unfinished; `resume` or `abort` it first"
    );
}

#[test]
fn a_candidate_with_traffic_is_an_unfinished_run_too() {
    let seen = live(vec![group(release(1), 4, percent(90)), group(release(2), 1, percent(10))]);
    let refusal = refused(request(rolling(2, vec![])), &seen, &can());
    assert_eq!(refusal, Refusal::Unfinished { one: id("v1"), other: id("v2") });
}

#[test]
fn a_platform_that_rolls_or_waits_is_busy() {
    let rolling_to = Delegation::Rolling { release: id("v3") };
    let waiting = Delegation::Awaiting { release: id("v3"), hook: "bake".into() };
    for delegation in [rolling_to, waiting] {
        let seen = Observation { delegation, ..v1_serves() };
        assert_eq!(
            told(&refused(request(rolling(1, vec![])), &seen, &can_delegate())),
            "the platform is still rolling to `v3`: wait for it or stop it first"
        );
    }
}

#[test]
fn an_older_release_never_lands_over_a_newer_one() {
    let seen = live(vec![group(release(3), 4, Share::ALL)]);
    assert_eq!(
        told(&refused(request(rolling(2, vec![])), &seen, &can())),
        "`v2` (sequence 2) is older than the live `v3` (3): use `rollback`, or allow the \
         downgrade explicitly"
    );
}

#[test]
fn an_older_release_lands_when_it_is_asked_to() {
    let seen = live(vec![group(release(3), 4, Share::ALL)]);
    let asked = request(rolling(2, vec![]));
    let downgrade = Request { allow_downgrade: true, ..asked.clone() };
    let rollback = Request { kind: Kind::Rollback, ..asked };
    for request in [downgrade, rollback] {
        assert_eq!(planned(request, &seen, &can()).to, release(2));
    }
}

#[test]
fn releases_of_equal_age_may_follow_each_other() {
    let mut twin = release(1);
    twin.id = id("v1-hotfix");
    twin.digest = Digest::of(b"hotfix");
    let asked = Request { to: twin.clone(), ..request(rolling(2, vec![])) };
    assert_eq!(planned(asked, &v1_serves(), &can()).to, twin);
}

#[test]
fn a_name_never_gets_other_content() {
    let mut forged = release(1);
    forged.digest = Digest::of(b"something else");
    let asked = Request { to: forged, ..request(rolling(2, vec![])) };
    assert_eq!(
        told_of(asked),
        "`v1` is live with another digest than the requested one: a release never changes, give \
         the new content a new identity"
    );
}

#[test]
fn what_is_live_and_well_is_left_alone() {
    let asked = Request { to: release(1), ..request(rolling(2, vec![])) };
    let unchanged = plan::plan(asked, &v1_serves(), &can(), START);
    assert_eq!(unchanged, Ok(Planned::Unchanged(id("v1"))));
}

/// The order of releases is no part of their content; a target may not even know it.
#[test]
fn what_is_live_and_well_is_left_alone_wherever_it_was_built() {
    let mut rebuilt = release(1);
    rebuilt.sequence = 5;
    let asked = Request { to: rebuilt, ..request(rolling(2, vec![])) };
    let unchanged = plan::plan(asked, &v1_serves(), &can(), START);
    assert_eq!(unchanged, Ok(Planned::Unchanged(id("v1"))));
}

#[test]
fn what_is_live_but_unwell_is_not_deployed_again() {
    let asked = Request { to: release(1), ..request(rolling(2, vec![])) };
    let mut seen = v1_serves();
    seen.groups[0].ready = 3;
    assert_eq!(
        told(&refused(asked, &seen, &can())),
        "`v1` is live already with 3 of 4 units healthy and 100 % of the traffic: deploying it \
         again changes nothing; repair it, or `rollback`"
    );
}

#[test]
fn what_is_live_without_units_or_with_half_the_traffic_is_unwell() {
    let asked = Request { to: release(1), ..request(rolling(2, vec![])) };
    for unwell in [group(release(1), 0, Share::ALL), group(release(1), 4, percent(50))] {
        let (ready, desired, share) = (unwell.ready, unwell.desired, unwell.share);
        let refusal = refused(asked.clone(), &live(vec![unwell]), &can());
        let release = id("v1");
        assert_eq!(refusal, Refusal::LiveButUnwell { release, ready, desired, share });
    }
}

#[test]
fn nothing_can_be_rolled_back_where_nothing_is() {
    let asked = Request { kind: Kind::Rollback, ..request(rolling(2, vec![])) };
    assert_eq!(
        told(&refused(asked, &live(vec![]), &can())),
        "nothing is live, so there is nothing to roll back from: use `deploy`"
    );
}

#[test]
fn no_units_are_no_rollout() {
    assert_eq!(
        told_of(Request { size: Some(0), ..request(rolling(2, vec![])) }),
        "the size is zero: a rollout of no units verifies nothing; ask for at least one unit"
    );
}

#[test]
fn traffic_finer_than_the_router_is_refused() {
    let halves = TrafficControl::Weights { granularity: percent(50) };
    let can = Capabilities { traffic: halves, ..can() };
    assert_eq!(
        told(&refused(request(canary(&[10], &[])), &v1_serves(), &can)),
        "10 % of the traffic is not possible here: the router divides in multiples of 50 %"
    );
    let possible = planned(request(canary(&[50], &[])), &v1_serves(), &can);
    assert_eq!(possible.ramp.steps()[0].traffic, percent(50));
}

#[test]
fn a_switch_cannot_carry_a_canary() {
    let can = Capabilities { traffic: TrafficControl::Switch, ..can() };
    assert_eq!(
        told(&refused(request(canary(&[10], &[])), &v1_serves(), &can)),
        "10 % of the traffic is not possible here: it can only be switched as a whole; use \
         blue/green"
    );
    let steps = planned(request(blue_green(vec![], vec![])), &v1_serves(), &can);
    assert_eq!(steps.ramp.steps().len(), 2);
}

#[test]
fn a_judge_needs_requests_on_both_sides() {
    let judge = judging(comparing_panel(), Inconclusive::Revert);
    let before = blue_green(vec![judge.clone()], vec![]);
    assert_eq!(
        told_of(request(before)),
        "step 1 asks the judge to compare at 0 % of the traffic, where one side has no requests: \
         move the judge to a step between 0 % and 100 %"
    );
    let after = blue_green(vec![], vec![judge]);
    let refusal = refused(request(after), &v1_serves(), &can());
    assert_eq!(refusal, Refusal::IdleJudge { step: 2, traffic: Share::ALL });
}

#[test]
fn a_judge_that_compares_nothing_may_look_at_one_side() {
    let judge = judging(latency_panel(), Inconclusive::Revert);
    let plan = planned(request(blue_green(vec![], vec![judge])), &v1_serves(), &can());
    assert_eq!(plan.ramp.all_gates().count(), 2);
}

#[test]
fn a_check_of_the_preview_needs_a_preview() {
    let gates = vec![smoke(Via::Production, 1), smoke(Via::Preview, 1)];
    for can in [can(), can_delegate()] {
        let blind = Capabilities { preview: false, ..can };
        let asked = request(rolling(2, gates.clone()));
        assert_eq!(
            told(&refused(asked.clone(), &v1_serves(), &blind)),
            "smoke check `front page` needs a preview address and the target has none: move it \
             behind the first traffic, or give the target a preview"
        );
        assert_eq!(
            refused(asked, &live(vec![]), &blind),
            Refusal::NoPreview { check: "front page".into() }
        );
    }
}

#[test]
fn a_check_in_production_needs_no_preview() {
    let blind = Capabilities { preview: false, ..can() };
    let asked = request(rolling(1, vec![smoke(Via::Production, 1)]));
    assert_eq!(planned(asked, &v1_serves(), &blind).ramp.all_gates().count(), 1);
}

#[test]
fn a_plan_that_is_born_expired_is_refused() {
    let asked = Request { valid_for: Span::ZERO, ..request(rolling(2, vec![])) };
    assert_eq!(told_of(asked), "the plan would live for 0ms: an expiry of zero cannot be met");
}

#[test]
fn leftovers_of_the_requested_release_are_gone_on_with() {
    let seen = live(vec![group(release(1), 4, Share::ALL), group(release(2), 2, Share::NONE)]);
    let plan = planned(request(rolling(2, vec![])), &seen, &can());
    assert_eq!((plan.from.clone(), plan.size), (Some(release(1)), 4));
}

#[test]
fn stopped_releases_do_not_count_as_live() {
    let seen = live(vec![group(release(0), 0, Share::NONE), group(release(1), 4, Share::ALL)]);
    assert_eq!(planned(request(rolling(2, vec![])), &seen, &can()).from, Some(release(1)));
}
