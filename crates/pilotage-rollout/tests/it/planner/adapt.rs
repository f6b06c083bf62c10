//! What the planner makes of a request that the target cannot follow to the letter.

use pilotage_rollout::gate::{Gate, HealthRule, Inconclusive, Via};
use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::ramp::{BlueGreen, Strategy};
use pilotage_rollout::target::{RollingControl, TrafficControl};
use pilotage_rollout::{Capabilities, Plan, Share, Span, Step, plan};

use crate::fixtures::*;

fn shape(plan: &Plan) -> Vec<(Share, Share, Share)> {
    let parts = |step: &Step| (step.capacity, step.traffic, step.stable);
    plan.ramp.steps().iter().map(parts).collect()
}

fn by_units() -> Capabilities {
    Capabilities { traffic: TrafficControl::Ratio, ..can() }
}

#[test]
fn a_rolling_update_moves_capacity_and_traffic_together() {
    let plan = planned(request(rolling(4, vec![])), &v1_serves(), &can());
    let quarters =
        [25, 50, 75, 100].map(|done| (percent(done), percent(done), percent(100 - done)));
    assert_eq!(shape(&plan), quarters);
    assert!(plan.notes.is_empty());
}

#[test]
fn a_batch_gets_the_traffic_that_the_router_can_give() {
    let thirds = |can| {
        let plan = planned(request(rolling(3, vec![])), &v1_serves(), &can);
        shape(&plan).iter().map(|(_, traffic, stable)| (*traffic, *stable)).collect::<Vec<_>>()
    };
    let rest = |share: Share| (share, share.rest());
    assert_eq!(thirds(can()), [33, 66, 100].map(percent).map(rest));
    let tenths = TrafficControl::Weights { granularity: percent(10) };
    let coarse = Capabilities { traffic: tenths, ..can() };
    assert_eq!(thirds(coarse), [30, 60, 100].map(percent).map(rest));
    let switch = Capabilities { traffic: TrafficControl::Switch, ..can() };
    assert_eq!(thirds(switch), [0, 0, 100].map(percent).map(rest));
}

#[test]
fn blue_green_is_two_steps_and_a_time_to_keep() {
    let gates = (vec![smoke(Via::Preview, 1)], vec![manual()]);
    let plan = planned(request(blue_green(gates.0, gates.1)), &v1_serves(), &can());
    let (all, none) = (Share::ALL, Share::NONE);
    assert_eq!(shape(&plan), [(all, none, all), (all, all, none)]);
    assert_eq!(plan.ramp.gates(0), [smoke(Via::Preview, 1)]);
    assert_eq!(plan.ramp.gates(1), [manual(), soak(secs(5))]);
}

#[test]
fn a_stable_release_that_is_not_kept_needs_no_soak() {
    let (before, after, keep) = (Vec::new(), Vec::new(), Span::ZERO);
    let asked = request(Strategy::BlueGreen(BlueGreen { before, after, keep }));
    assert_eq!(planned(asked, &v1_serves(), &can()).ramp.all_gates().count(), 0);
}

#[test]
fn strategies_have_names() {
    let all = [
        rolling(1, vec![]),
        blue_green(vec![], vec![]),
        canary(&[], &[]),
        Strategy::Custom(vec![]),
    ];
    let names = all.map(|strategy| strategy.to_string());
    assert_eq!(names, ["rolling", "blue/green", "canary", "custom"]);
}

#[test]
fn a_canary_leaves_the_stable_release_at_full_size_until_the_end() {
    let plan = planned(request(canary(&[5, 25], &[])), &v1_serves(), &can());
    let (all, none) = (Share::ALL, Share::NONE);
    assert_eq!(
        shape(&plan),
        [(percent(5), percent(5), all), (percent(25), percent(25), all), (all, all, none)]
    );
}

#[test]
fn a_platform_that_rolls_is_left_to_roll() {
    let plan = planned(request(rolling(7, vec![manual()])), &v1_serves(), &can_delegate());
    assert!(plan.ramp.is_delegated());
    assert_eq!(plan.ramp.steps(), []);
    assert_eq!(plan.ramp.all_gates().collect::<Vec<_>>(), [&manual()]);
    let canary = planned(request(canary(&[5], &[])), &v1_serves(), &can_delegate());
    assert!(!canary.ramp.is_delegated(), "only a rolling update is delegated");
}

#[test]
fn units_divide_traffic_no_finer_than_they_are() {
    let plan = planned(request(canary(&[50], &[])), &v1_serves(), &by_units());
    let third = Share::from_basis_points(3_333).unwrap();
    assert_eq!(shape(&plan)[0], (percent(50), third, Share::ALL));
    assert_eq!(
        plan.notes,
        ["50 % of the traffic becomes 33.33 %: it is divided by the number of units, and 4 units \
          divide no finer"]
    );
}

#[test]
fn switching_everything_by_units_needs_no_note() {
    let plan = planned(request(blue_green(vec![], vec![])), &v1_serves(), &by_units());
    assert!(plan.notes.is_empty());
}

#[test]
fn a_first_deploy_brings_everything_up_at_once() {
    let gates =
        [smoke(Via::Preview, 1), judging(comparing_panel(), Inconclusive::Revert), soak(secs(3))];
    let plan = planned(request(canary(&[10], &gates)), &live(vec![]), &can());
    let (all, none) = (Share::ALL, Share::NONE);
    assert_eq!(shape(&plan), [(all, none, all), (all, all, none)]);
    assert_eq!(plan.ramp.gates(0), [smoke(Via::Preview, 1)]);
    assert_eq!(plan.ramp.gates(1), [soak(secs(3))]);
    assert_eq!((plan.from.clone(), plan.size), (None, 1));
    assert_eq!(
        plan.notes,
        ["first deploy: nothing serves yet, so all traffic goes to the candidate once it is \
          healthy, and the judge has nothing to compare it with"]
    );
}

#[test]
fn a_first_deploy_keeps_the_judge_that_compares_nothing() {
    let judge = judging(latency_panel(), Inconclusive::Revert);
    let asked = request(canary(&[10], std::slice::from_ref(&judge)));
    assert_eq!(planned(asked, &live(vec![]), &can()).ramp.gates(1), [judge]);
}

#[test]
fn a_first_deploy_on_a_platform_that_rolls_is_left_to_it() {
    let plan = planned(request(rolling(2, vec![])), &live(vec![]), &can_delegate());
    assert!(plan.ramp.is_delegated());
}

#[test]
fn the_size_is_kept_unless_another_is_asked_for() {
    let asked = request(rolling(2, vec![]));
    assert_eq!(planned(asked.clone(), &v1_serves(), &can()).size, 4);
    let larger = Request { size: Some(6), ..asked };
    assert_eq!(planned(larger, &v1_serves(), &can()).size, 6);
}

#[test]
fn clean_up_keeps_both_sides_and_what_was_named() {
    let asked = request(rolling(2, vec![]));
    assert_eq!(planned(asked.clone(), &v1_serves(), &can()).keep, []);
    let keep = Some(vec![id("v1"), id("v0")]);
    let plan = planned(Request { keep, ..asked }, &v1_serves(), &can());
    assert_eq!(plan.keep, ["v0", "v1", "v2"].map(id));
}

#[test]
fn the_usual_limits_follow_from_the_target() {
    let slow = Capabilities { lag: secs(30), settle: secs(10), ..can() };
    let usual = Limits::usual(&slow);
    assert_eq!((usual.lag, usual.settle), (secs(30), secs(10)));
    assert_eq!(usual.confirm, Span::from_mins(4));
    let plan =
        planned(Request { limits: None, ..request(rolling(2, vec![])) }, &v1_serves(), &slow);
    let calls = plan.limits.calls;
    assert_eq!(plan.limits, Limits { calls, ..usual });
}

#[test]
fn absurd_limits_make_a_large_budget_and_no_panic() {
    let endless = Span::from_millis(u64::MAX);
    let limits = Limits {
        prove: endless,
        confirm: endless,
        drain: endless,
        delegated: endless,
        migrate: endless,
        poll: Span::from_millis(1),
        repairs: u8::MAX,
        tries: u8::MAX,
        ..limits()
    };
    let health = HealthRule::new(1, 1, Span::from_millis(1), endless).unwrap();
    let gates = vec![soak(endless), smoke(Via::Production, u8::MAX)];
    let asked = Request { limits: Some(limits), health, ..request(rolling(100, gates)) };
    assert_eq!(planned(asked, &v1_serves(), &can()).limits.calls, u32::MAX);
}

#[test]
fn the_budget_grows_with_steps_gates_and_tries() {
    let calls = |request| planned(request, &v1_serves(), &can()).limits.calls;
    let base = calls(request(rolling(2, vec![])));
    assert!(calls(request(rolling(4, vec![]))) > base);
    let gates: [Vec<Gate>; 4] = [
        vec![soak(secs(60))],
        vec![judging(latency_panel(), Inconclusive::Revert)],
        vec![smoke(Via::Production, 2)],
        vec![manual()],
    ];
    for gates in gates {
        assert!(calls(request(rolling(2, gates.clone()))) > base, "{gates:?}");
    }
    let more = |limits| calls(Request { limits: Some(limits), ..request(rolling(2, vec![])) });
    assert!(more(Limits { tries: 4, ..limits() }) > base);
    assert!(more(Limits { repairs: 3, ..limits() }) > base);
    assert!(more(Limits { drain: secs(60), ..limits() }) > base);
    assert_eq!(more(Limits { calls: 77, ..limits() }), 77, "a budget that is given is kept");
}

#[test]
fn a_platform_that_nobody_else_may_touch_gets_what_it_does_itself_and_nothing_else() {
    let can = Capabilities { rolling: RollingControl::Exclusive, ..can() };
    let at_once = BlueGreen { before: vec![], after: vec![manual()], keep: Span::ZERO };
    for strategy in [rolling(7, vec![manual()]), Strategy::BlueGreen(at_once)] {
        let plan = planned(request(strategy), &v1_serves(), &can);
        assert!(plan.ramp.is_delegated());
        assert_eq!(plan.ramp.all_gates().collect::<Vec<_>>(), [&manual()]);
    }
    for strategy in [canary(&[5], &[]), blue_green(vec![], vec![])] {
        let refused = plan::plan(request(strategy), &v1_serves(), &can, START).unwrap_err();
        assert!(told(&refused).contains("only `rolling` leaves that to it"), "{}", told(&refused));
    }
}
