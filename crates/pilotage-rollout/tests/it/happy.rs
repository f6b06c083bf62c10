//! Runs that meet no fault: which orders they give, in which order, and how they end.

use pilotage_rollout::gate::Via;
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::{Effect, Share, Verdict};

use crate::fixtures::*;
use crate::scenarios;
use crate::voyage::Voyage;

/// The orders of a run that deploys.
fn orders(mut voyage: Voyage) -> Vec<String> {
    let release = voyage.run.plan().to.id.clone();
    assert_eq!(voyage.sail(), Verdict::Deployed { release });
    assert!(voyage.run.is_over());
    assert_eq!(voyage.run.effect(), &Effect::Finish);
    voyage.toy.asked()
}

#[test]
fn rolling_moves_batch_by_batch() {
    assert_eq!(
        orders(scenarios::deploy(rolling(2, vec![soak(secs(3))]))),
        [
            "claim the target",
            "run 2 units of `v2`",
            "give `v2` 50 % of the traffic",
            "run 2 units of `v1`",
            "run 4 units of `v2`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v1`",
        ]
    );
}

#[test]
fn blue_green_brings_up_everything_then_switches() {
    assert_eq!(
        orders(scenarios::deploy(blue_green(vec![smoke(Via::Preview, 1)], vec![]))),
        [
            "claim the target",
            "run 4 units of `v2`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v1`",
        ]
    );
}

#[test]
fn canary_keeps_the_stable_release_whole_until_the_end() {
    assert_eq!(
        orders(scenarios::deploy(canary(&[10, 50], &[soak(secs(3))]))),
        [
            "claim the target",
            "run one unit of `v2`",
            "give `v2` 10 % of the traffic",
            "run 2 units of `v2`",
            "give `v2` 50 % of the traffic",
            "run 4 units of `v2`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v1`",
        ]
    );
}

#[test]
fn custom_steps_are_followed_to_the_letter() {
    let steps = vec![step(50, 10, 100), step(100, 60, 50), step(100, 100, 0)];
    assert_eq!(
        orders(scenarios::deploy(Strategy::Custom(steps))),
        [
            "claim the target",
            "run 2 units of `v2`",
            "give `v2` 10 % of the traffic",
            "run 4 units of `v2`",
            "give `v2` 60 % of the traffic",
            "run 2 units of `v1`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v1`",
        ]
    );
}

#[test]
fn a_platform_that_rolls_is_asked_once() {
    assert_eq!(
        orders(scenarios::delegated(vec![soak(secs(3))])),
        ["claim the target", "have the platform roll to `v2`"]
    );
}

#[test]
fn a_platform_that_pauses_is_let_on_after_the_gates() {
    assert_eq!(
        orders(scenarios::paused_by_the_platform()),
        [
            "claim the target",
            "have the platform roll to `v2`",
            "let the platform go on from `bake`",
            "let the platform go on from `promote`",
        ]
    );
}

#[test]
fn migrations_come_before_anything_serves_and_clean_up_comes_last() {
    let orders = orders(scenarios::everything());
    assert_eq!(orders[..2], ["claim the target", "apply expand migrations `0042`"]);
    assert_eq!(orders.last().unwrap(), "prune all but 2 releases");
}

#[test]
fn clean_up_leaves_what_a_rollback_needs() {
    let mut voyage = scenarios::everything();
    voyage.sail();
    let left: Vec<_> =
        voyage.toy.truth.groups.iter().map(|group| group.release.id.as_str()).collect();
    assert_eq!(left, ["v1", "v2"]);
}

#[test]
fn a_first_deploy_shares_with_nobody() {
    assert_eq!(
        orders(scenarios::first_deploy()),
        ["claim the target", "run 3 units of `v2`", "give `v2` 100 % of the traffic"]
    );
}

#[test]
fn a_rollback_is_a_run_like_any_other() {
    assert_eq!(
        orders(scenarios::rollback()),
        [
            "claim the target",
            "run 4 units of `v2`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v3`",
        ]
    );
}

#[test]
fn every_kind_of_run_ends_with_exactly_the_new_release() {
    for (kind, mut voyage) in scenarios::all() {
        let (release, size) = (voyage.run.plan().to.id.clone(), voyage.run.plan().size);
        voyage.sail();
        assert_eq!(voyage.toy.serving(), [(release.as_str(), size, 100)], "{kind}");
    }
}

#[test]
fn every_kind_of_run_stays_within_its_plan() {
    for (kind, mut voyage) in scenarios::all() {
        let mut most = 0;
        while voyage.run.verdict().is_none() {
            voyage.step();
            most = most.max(voyage.toy.truth.groups.iter().map(|group| group.desired).sum());
        }
        assert!(most <= voyage.run.plan().ceiling(), "{kind}: {most} units");
        assert!(voyage.run.calls() < voyage.run.plan().limits.calls, "{kind}");
    }
}

#[test]
fn orders_are_numbered_without_gaps_under_the_fence_of_the_run() {
    for (kind, mut voyage) in scenarios::all() {
        voyage.sail();
        for (number, order) in (0..).zip(&voyage.toy.orders) {
            assert_eq!(
                (order.stamp.number, order.stamp.fence),
                (number, voyage.run.fence()),
                "{kind}"
            );
        }
    }
}

#[test]
fn what_is_applied_already_is_not_migrated_again() {
    let mut voyage = scenarios::everything();
    voyage.toy.schema = pilotage_rollout::target::Schema::Applied;
    voyage.sail();
    assert!(!voyage.toy.asked().iter().any(|order| order.contains("migrations")));
}

#[test]
fn leftovers_of_the_candidate_are_used() {
    let seen = live(vec![group(release(1), 4, Share::ALL), group(release(2), 4, Share::NONE)]);
    let voyage = scenarios::voyage(request(blue_green(vec![], vec![])), seen, &can());
    assert_eq!(
        orders(voyage),
        ["claim the target", "give `v2` 100 % of the traffic", "stop the units of `v1`"]
    );
}

#[test]
fn leftovers_that_are_larger_than_a_step_are_not_made_smaller() {
    let seen = live(vec![group(release(1), 4, Share::ALL), group(release(2), 3, Share::NONE)]);
    let voyage = scenarios::voyage(request(canary(&[10], &[])), seen, &can());
    assert_eq!(
        orders(voyage)[1..],
        [
            "give `v2` 10 % of the traffic",
            "run 4 units of `v2`",
            "give `v2` 100 % of the traffic",
            "stop the units of `v1`",
        ]
    );
}

#[test]
fn a_run_tells_what_it_is_about() {
    let mut voyage = scenarios::deploy(canary(&[10, 50], &[soak(secs(3))]));
    assert_eq!((voyage.run.intended_share(), voyage.run.size()), (None, 4));
    voyage.reach("holding");
    assert_eq!(voyage.run.intended_share(), Some(percent(10)));
    assert_eq!(voyage.run.now(), voyage.now);
    assert!(!voyage.run.goes_back());
    voyage.sail();
    assert_eq!(voyage.run.intended_share(), None);
    assert!(!voyage.run.goes_back());
}
