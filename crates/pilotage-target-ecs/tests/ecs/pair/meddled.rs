//! Others who change what a run is about: people, other tools, autoscalers, ECS itself.

use pilotage_driver::role::Target as _;
use pilotage_rollout::target::{Outcome, ReadFailure, Rejection};
use pilotage_rollout::{Action, Effect, Fence, Run, Share, Verdict};
use pilotage_target_ecs::EcsPair;
use pilotage_testkit::fake::ecs::{Breaker, Trouble};

use super::bench::{PairBench, blue_green, canary};
use crate::bench::image;

impl PairBench {
    /// A canary that has just got its first share.
    async fn at_a_tenth(&self) -> (EcsPair, Run) {
        let target = self.target();
        let plan = self.planned(&target, 2, canary()).await;
        let run = Run::open(plan, Fence(1), self.base.now());
        let run = self.drive(&target, run, |_| self.weights() == [90, 10]).await;
        (target, run)
    }

    async fn candidate_of_three(&self, target: &EcsPair) -> pilotage_artifact::ReleaseId {
        let id = self.composed(target, 2).await.id;
        let capacity = Action::Capacity { release: id.clone(), units: 3 };
        assert_eq!(self.base.order(target, 1, capacity).await, Outcome::Applied);
        let is_ready = |group: &pilotage_rollout::target::Group| group.ready == 3;
        self.base.until(target, "health", |seen| seen.group(&id).is_some_and(is_ready)).await;
        id
    }
}

fn is_busy(outcome: &Outcome, words: &str) -> bool {
    matches!(outcome, Outcome::NotApplied(Rejection::Busy { reason, .. }) if reason.contains(words))
}

#[tokio::test]
async fn weights_that_somebody_has_changed_are_told_and_left_alone() {
    let bench = PairBench::new().await;
    let (target, run) = bench.at_a_tenth().await;
    bench.base.fake.world(|world| world.reweigh(&bench.rule, &[70, 30]));
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    let Some(Verdict::Paused { reason }) = &verdict else { panic!("{verdict:?}") };
    assert!(reason.contains("30 %"), "{reason}");
    assert_eq!(bench.weights(), [70, 30]);
}

#[tokio::test]
async fn weights_that_change_between_the_look_and_the_write_are_not_overwritten() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let candidate = bench.candidate_of_three(&target).await;
    bench.base.fake.world(|world| world.reweigh(&bench.rule, &[70, 30]));
    let shift = Action::Traffic { stable: None, candidate, share: Share::ALL };
    let outcome = bench.base.order(&target, 1, shift.clone()).await;
    assert!(is_busy(&outcome, "it divided 100 % and 0 %, and now 70 % and 30 %"), "{outcome:?}");
    assert_eq!(bench.weights(), [70, 30]);
    target.observe().await.expect("seen");
    assert_eq!(bench.base.order(&target, 1, shift).await, Outcome::Applied, "who has seen it may");
}

#[tokio::test]
async fn what_gets_requests_is_not_stopped_and_neither_is_the_last_that_is_healthy() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let candidate = bench.candidate_of_three(&target).await;
    let stable = target.observe().await.expect("seen").groups[0].release.id.clone();
    let stop = Action::Capacity { release: stable.clone(), units: 0 };
    let outcome = bench.base.order(&target, 1, stop.clone()).await;
    assert!(is_busy(&outcome, "gets 100 % of the requests"), "{outcome:?}");
    let shift = Action::Traffic { stable: Some(stable), candidate, share: Share::ALL };
    assert_eq!(bench.base.order(&target, 1, shift).await, Outcome::Applied);
    bench.base.fake.world(|world| world.troubles.insert(image(2), Trouble::Sick));
    let outcome = bench.base.order(&target, 1, stop).await;
    assert!(is_busy(&outcome, "nothing of `shop/green` is healthy"), "{outcome:?}");
    let running = bench.base.fake.world(|world| world.running("blue", "web"));
    assert_eq!(running.get(&image(1)), Some(&3));
}

#[tokio::test]
async fn a_candidate_that_is_no_longer_healthy_gets_no_requests() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let candidate = bench.candidate_of_three(&target).await;
    bench.base.fake.world(|world| {
        world.troubles.insert(image(2), Trouble::Sick);
        world.advance(5_000);
    });
    let shift = Action::Traffic { stable: None, candidate, share: Share::ALL };
    let outcome = bench.base.order(&target, 1, shift).await;
    assert!(is_busy(&outcome, "nothing of `v2` is healthy any more"), "{outcome:?}");
}

#[tokio::test]
async fn a_third_group_with_weight_is_nobody_the_pair_knows() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| {
        let third = world.make_group("third");
        let rule = world.balancer.rules.get_mut(&bench.rule).expect("the rule");
        rule.weights.push((third, 5));
    });
    let refused = bench.target().observe().await.expect_err("it is not ours to divide");
    let ReadFailure::Refused { reason } = &refused else { panic!("{refused:?}") };
    assert!(reason.contains("targetgroup/third") && reason.contains("weight 0"), "{reason}");
}

#[tokio::test]
async fn a_service_that_is_deleted_in_mid_run_is_named_and_the_run_stands_still() {
    let bench = PairBench::new().await;
    let (target, run) = bench.at_a_tenth().await;
    bench.base.fake.world(|world| {
        world.services.remove("green");
        world.reweigh(&bench.rule, &[100, 0]);
    });
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    let words = format!("{verdict:?}");
    assert!(words.contains("there is no service `shop/green`"), "{words}");
    assert_eq!(bench.weights(), [100, 0]);
}

#[tokio::test]
async fn an_autoscaler_that_grows_the_stable_service_is_followed() {
    let bench = PairBench::new().await;
    let (target, run) = bench.at_a_tenth().await;
    bench.base.fake.world(|world| world.service("blue").desired = 5);
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    assert!(matches!(verdict, Some(Verdict::Deployed { .. })), "{verdict:?}");
    let running = bench.base.fake.world(|world| world.running("green", "web"));
    assert_eq!(running.get(&image(2)), Some(&5));
}

#[tokio::test]
async fn an_autoscaler_that_takes_the_candidates_tasks_is_made_good_before_more_requests_come() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let plan = bench.planned(&target, 2, blue_green()).await;
    let run = Run::open(plan, Fence(1), bench.base.now());
    let run = bench
        .drive(&target, run, |effect| {
            let has_come = bench.base.fake.called("UpdateService") == 1;
            has_come && matches!(effect, Effect::Wait { .. })
        })
        .await;
    bench.base.fake.world(|world| world.service("green").desired = 1);
    let run = bench
        .drive(&target, run, |_| {
            if bench.weights() == [0, 100] {
                let running = bench.base.fake.world(|world| world.running("green", "web"));
                assert_eq!(running.get(&image(2)), Some(&3), "all of it, before all of them");
            }
            false
        })
        .await;
    assert!(matches!(run.verdict(), Some(Verdict::Deployed { .. })), "{:?}", run.verdict());
    bench.assert_wholly(2);
}

#[tokio::test]
async fn what_ecs_takes_back_on_its_own_is_the_candidates_failure_and_no_stranger() {
    for breaker in [Breaker::RollBack, Breaker::GiveUp, Breaker::Off] {
        let bench = PairBench::new().await;
        bench.base.fake.world(|world| {
            world.service("green").breaker = breaker;
            world.troubles.insert(image(2), Trouble::Exits(1));
        });
        let verdict = bench.deploy(2, blue_green()).await;
        assert!(matches!(verdict, Verdict::Reverted { .. }), "{breaker:?}: {verdict}");
        bench.assert_wholly(1);
    }
}

#[tokio::test]
async fn a_newer_owner_of_either_service_is_obeyed() {
    for service in ["blue", "green"] {
        let bench = PairBench::new().await;
        let target = bench.target();
        bench.base.order(&target, 3, Action::Claim).await;
        let newer = ("pilotage:fence".to_owned(), "4".to_owned());
        bench.base.fake.world(|world| world.service(service).tags.extend([newer]));
        bench.base.fake.world(|world| world.advance(5_000));
        bench.base.fake.forget_calls();
        let order = Action::Capacity { release: "v2".parse().expect("a name"), units: 1 };
        let outcome = bench.base.order(&target, 3, order).await;
        let stale = Outcome::NotApplied(Rejection::StaleFence { current: Fence(4) });
        assert_eq!(outcome, stale, "{service}");
        assert!(bench.base.writes().is_empty());
    }
}
