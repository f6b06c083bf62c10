//! Contradictions in strategies, ramps, limits and health rules, with the whole message.

use pilotage_rollout::gate::HealthRule;
use pilotage_rollout::plan::{Limits, Request};
use pilotage_rollout::ramp::Strategy;
use pilotage_rollout::{Ramp, Share, Span, Step, plan};

use crate::fixtures::*;

fn refused(request: Request) -> String {
    told(&plan::plan(request, &v1_serves(), &can(), START).unwrap_err())
}

fn impossible(steps: Vec<Step>) -> String {
    refused(request(Strategy::Custom(steps)))
}

#[test]
fn no_batches_and_too_many_are_refused() {
    for batches in [0, 101] {
        assert_eq!(
            refused(request(rolling(batches, vec![]))),
            format!(
                "the strategy cannot be planned: a rolling update in {batches} batches: use 1 to \
                 100"
            )
        );
    }
    assert_eq!(
        planned(request(rolling(100, vec![])), &v1_serves(), &can()).ramp.steps().len(),
        100
    );
}

#[test]
fn a_ramp_without_steps_and_an_endless_one_are_refused() {
    for count in [0, 101] {
        assert_eq!(
            impossible(vec![step(100, 100, 0); count]),
            format!(
                "the strategy cannot be planned: the custom strategy makes no ramp: a ramp has 1 \
                 to 100 steps, and this one has {count}"
            )
        );
    }
}

#[test]
fn traffic_without_capacity_is_refused() {
    assert_eq!(
        impossible(vec![step(0, 10, 100), step(100, 100, 0)]),
        "the strategy cannot be planned: the custom strategy makes no ramp: step 1 gives 10 % of \
         the traffic to 0 % of the capacity: raise its capacity to at least 10 %"
    );
}

#[test]
fn steps_out_of_order_are_refused() {
    let told = |what, before, after| {
        format!(
            "the strategy cannot be planned: the custom strategy makes no ramp: step 2 goes \
             backwards in {what}, from {before} % to {after} %: a ramp only goes forward, going \
             back is what a failed gate does"
        )
    };
    let last = step(100, 100, 0);
    let traffic = vec![step(60, 50, 100), step(60, 40, 100), last.clone()];
    assert_eq!(impossible(traffic), told("traffic", 50, 40));
    let capacity = vec![step(60, 50, 100), step(55, 50, 100), last.clone()];
    assert_eq!(impossible(capacity), told("capacity", 60, 55));
    let stable = vec![step(60, 50, 50), step(60, 50, 55), last];
    assert_eq!(impossible(stable), told("stable capacity", 50, 55));
}

#[test]
fn weights_of_a_canary_out_of_order_are_refused() {
    assert_eq!(
        refused(request(canary(&[20, 10], &[]))),
        "the strategy cannot be planned: the canary strategy makes no ramp: step 2 goes backwards \
         in capacity, from 20 % to 10 %: a ramp only goes forward, going back is what a failed \
         gate does"
    );
}

#[test]
fn a_stable_release_without_capacity_for_its_rest_is_refused() {
    assert_eq!(
        impossible(vec![step(50, 50, 40), step(100, 100, 0)]),
        "the strategy cannot be planned: the custom strategy makes no ramp: step 1 leaves the \
         stable release 40 % of its capacity for 50 % of the traffic"
    );
}

#[test]
fn a_ramp_that_stops_half_way_is_refused() {
    assert_eq!(
        impossible(vec![step(90, 80, 100)]),
        "the strategy cannot be planned: the custom strategy makes no ramp: the last step ends at \
         90 % of the capacity and 80 % of the traffic: it must be 100 % of both, with nothing left \
         of the stable release"
    );
    assert!(impossible(vec![step(100, 100, 1)]).ends_with("nothing left of the stable release"));
}

#[test]
fn more_than_everything_is_no_share() {
    assert_eq!(
        told(&Share::from_percent(101).unwrap_err()),
        "a share of 10100 basis points is more than the whole: use 0 to 10000 (100 %)"
    );
    let json = r#"{"driven":{"steps":[{"capacity":10001,"traffic":0,"stable":10000}]}}"#;
    let error = serde_json::from_str::<Ramp>(json).unwrap_err().to_string();
    assert!(error.starts_with("a share of 10001 basis points is more than the whole"), "{error}");
}

#[test]
fn limits_of_zero_are_refused_by_name() {
    let zero = Span::ZERO;
    let cases = [
        ("prove", Limits { prove: zero, ..limits() }),
        ("confirm", Limits { confirm: zero, ..limits() }),
        ("delegated", Limits { delegated: zero, ..limits() }),
        ("migrate", Limits { migrate: zero, ..limits() }),
        ("poll", Limits { poll: zero, ..limits() }),
        ("tries", Limits { tries: 0, ..limits() }),
    ];
    for (name, limits) in cases {
        assert_eq!(
            refused(Request { limits: Some(limits), ..request(rolling(2, vec![])) }),
            format!(
                "the limits cannot be planned with: the limit `{name}` is zero, so the run could \
                 only fail: raise it"
            )
        );
    }
}

#[test]
fn a_write_is_not_given_up_before_its_answer_can_be_known() {
    let hasty = Limits { confirm: secs(8), settle: secs(5), lag: secs(3), ..limits() };
    let asked = |limits| Request { limits: Some(limits), ..request(rolling(2, vec![])) };
    assert_eq!(
        refused(asked(hasty)),
        "the limits cannot be planned with: the limit `confirm` (8s) is not longer than the time \
         in which a lost write can still take effect and show (8s): raise it above that"
    );
    let patient = Limits { confirm: Span::from_millis(8_001), ..hasty };
    assert_eq!(planned(asked(patient), &v1_serves(), &can()).limits.confirm, patient.confirm);
}

#[test]
fn impossible_health_rules_are_refused() {
    let second = secs(1);
    let refused =
        |k, n, interval, max_age| told(&HealthRule::new(k, n, interval, max_age).unwrap_err());
    for (k, n) in [(0, 3), (4, 3), (1, 65)] {
        assert_eq!(
            refused(k, n, second, second),
            format!("health needs {k} of {n} observations: use 1 <= k <= n <= 64")
        );
    }
    assert_eq!(
        refused(1, 1, Span::ZERO, second),
        "the health interval is zero: observations must lie apart in time, for example 5s"
    );
    assert_eq!(
        refused(1, 1, secs(2), second),
        "health evidence expires after 1s, before the next observation at 2s"
    );
}

#[test]
fn a_health_rule_from_a_file_is_checked_like_any_other() {
    let json = r#"{"k":4,"n":3,"interval":1000,"max_age":1000}"#;
    let error = serde_json::from_str::<HealthRule>(json).unwrap_err().to_string();
    assert_eq!(error, "health needs 4 of 3 observations: use 1 <= k <= n <= 64");
    let rule = HealthRule::default();
    let text = serde_json::to_string(&rule).unwrap();
    assert_eq!(serde_json::from_str::<HealthRule>(&text).unwrap(), rule);
}
