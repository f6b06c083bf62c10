//! Calls that fail, and calls of which nobody knows what became.

use pilotage_driver::role::Target as _;
use pilotage_rollout::target::{Outcome, ReadFailure, Rejection};
use pilotage_rollout::{Action, Fence, Run, Share, Verdict};
use pilotage_testkit::fake::ecs::Fault;

use super::bench::{PairBench, canary};

#[tokio::test]
async fn a_canary_gets_over_any_single_fault_of_any_call() {
    let calls = [
        "DescribeServices",
        "DescribeRules",
        "DescribeTargetHealth",
        "DescribeTaskDefinition",
        "TagResource",
        "RegisterTaskDefinition",
        "UpdateService",
        "ModifyRule",
    ];
    for action in calls {
        for fault in [Fault::Throttled, Fault::LostBefore, Fault::LostAfter] {
            let bench = PairBench::unprepared().await;
            let target = bench.target();
            let plan = bench.planned(&target, 2, canary()).await;
            bench.base.fake.fail(action, fault);
            let run = Run::open(plan, Fence(1), bench.base.now());
            let verdict = bench.drive(&target, run, |_| false).await.verdict();
            let is_out = matches!(verdict, Some(Verdict::Deployed { .. }));
            assert!(is_out, "{action} {fault:?}: {verdict:?}");
            bench.assert_wholly(2);
        }
    }
}

#[tokio::test]
async fn every_change_of_weights_may_lose_its_answer() {
    for (lost, fault) in (1..=4).flat_map(|n| [(n, Fault::LostBefore), (n, Fault::LostAfter)]) {
        let bench = PairBench::new().await;
        let target = bench.target();
        let plan = bench.planned(&target, 2, canary()).await;
        let run = Run::open(plan, Fence(1), bench.base.now());
        let mut is_set = false;
        let verdict = bench
            .drive(&target, run, |_| {
                if !is_set && bench.base.fake.called("ModifyRule") == lost - 1 {
                    is_set = true;
                    bench.base.fake.fail("ModifyRule", fault);
                }
                false
            })
            .await
            .verdict();
        assert!(matches!(verdict, Some(Verdict::Deployed { .. })), "{lost} {fault:?}: {verdict:?}");
        bench.assert_wholly(2);
    }
}

#[tokio::test]
async fn a_write_of_weights_is_sent_once() {
    for (fault, is_known) in [(Fault::Throttled, true), (Fault::LostBefore, false)] {
        let bench = PairBench::new().await;
        let target = bench.target();
        let to = bench.composed(&target, 2).await;
        let capacity = Action::Capacity { release: to.id.clone(), units: 3 };
        assert_eq!(bench.base.order(&target, 1, capacity).await, Outcome::Applied);
        let is_ready = |group: &pilotage_rollout::target::Group| group.ready == 3;
        bench.base.until(&target, "health", |seen| seen.group(&to.id).is_some_and(is_ready)).await;
        let before = bench.base.fake.called("ModifyRule");
        bench.base.fake.fail("ModifyRule", fault);
        let shift = Action::Traffic { stable: None, candidate: to.id, share: Share::ALL };
        let outcome = bench.base.order(&target, 1, shift).await;
        let fits = match &outcome {
            Outcome::NotApplied(Rejection::Busy { .. }) => is_known,
            Outcome::Unknown { .. } => !is_known,
            _ => false,
        };
        assert!(fits, "{fault:?}: {outcome:?}");
        assert_eq!(bench.base.fake.called("ModifyRule"), before + 1);
        assert_eq!(bench.weights(), [100, 0]);
    }
}

#[tokio::test]
async fn what_is_not_allowed_is_told_with_the_action_to_allow() {
    let bench = PairBench::new().await;
    bench.base.fake.fail("DescribeRules", Fault::Denied);
    let refused = bench.target().observe().await.expect_err("it is not allowed");
    let ReadFailure::Refused { reason } = &refused else { panic!("{refused:?}") };
    assert!(reason.contains("allow `elasticloadbalancing:DescribeRules`"), "{reason}");
}
