//! False successes about traffic, played again: each begins with the rule of others that is satisfied.

use pilotage_aws::elb::State;
use pilotage_driver::role::Target as _;
use pilotage_rollout::target::Outcome;
use pilotage_rollout::{Action, Share};
use pilotage_testkit::fake::ecs::Trouble;

use super::bench::PairBench;
use crate::bench::image;

impl PairBench {
    async fn staged(&self) -> (pilotage_target_ecs::EcsPair, pilotage_artifact::ReleaseId) {
        let target = self.target();
        let id = self.composed(&target, 2).await.id;
        let capacity = Action::Capacity { release: id.clone(), units: 3 };
        assert_eq!(self.base.order(&target, 1, capacity).await, Outcome::Applied);
        (target, id)
    }

    async fn runs_enough(&self, service: &str) -> bool {
        let found = self.base.ecs.services("shop", &[service]).await.expect("told");
        found.iter().all(crate::naive::runs_enough)
    }

    async fn healthy(&self, group: &str) -> usize {
        let behind = self.base.elb.behind(group).await.expect("told");
        behind.iter().filter(|one| one.state == State::Healthy).count()
    }
}

/// sil-org/ecs-deploy#187: enough tasks run, and the load balancer gets no good answer from any.
#[tokio::test]
async fn tasks_that_run_and_do_not_answer() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| world.troubles.insert(image(2), Trouble::Sick));
    let (target, id) = bench.staged().await;
    bench.base.fake.world(|world| world.advance(60_000));
    assert!(bench.runs_enough("green").await);
    let seen = target.observe().await.expect("seen");
    let group = seen.group(&id).expect("it is there");
    assert_eq!((group.desired, group.ready), (3, 0));
    assert!(group.failing[0].reason.contains("Target.ResponseCodeMismatch"), "{group:?}");
}

/// Healthy targets of what ran there before are counted for what comes.
#[tokio::test]
async fn healthy_targets_of_another_release() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| {
        world.service("green").desired = 3;
        world.advance(60_000);
        world.start_up = 1_000;
        world.balancer.check_for = 600_000;
        let next = world.define(&crate::bench::definition(5));
        world.balancer.check_for = 3_000;
        world.start_up = 3_600_000;
        world.meddle("green", &next);
        world.advance(10_000);
    });
    assert_eq!(bench.healthy(&bench.groups[1]).await, 3, "all that are wanted are healthy");
    let seen = bench.target().observe().await.expect("seen");
    let coming = seen.groups.iter().find(|group| group.release.id.as_str().ends_with("web.3"));
    let coming = coming.expect("it is coming");
    assert_eq!((coming.desired, coming.ready), (3, 0), "{seen:?}");
}

/// hashicorp/terraform-provider-aws#45678: weights that were put back lead to a group without targets.
#[tokio::test]
async fn weights_that_lead_nowhere() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| world.reweigh(&bench.rule, &[0, 100]));
    assert!(bench.runs_enough("green").await && bench.runs_enough("blue").await);
    assert_eq!(bench.requests(10).get(""), Some(&10), "every request is lost");
    let seen = bench.target().observe().await.expect("seen");
    let serving = seen.groups.iter().find(|group| group.share > Share::NONE && group.ready > 0);
    assert!(serving.is_none(), "{seen:?}");
}

/// aws/containers-roadmap: a group that no rule knows never becomes healthy, and is not waited for.
#[tokio::test]
async fn a_group_that_is_in_no_rule() {
    let bench = PairBench::unprepared().await;
    let (target, id) = bench.staged().await;
    bench.base.fake.world(|world| {
        let rule = world.balancer.rules.get_mut(&bench.rule).expect("the rule");
        rule.weights.truncate(1);
        world.balancer.rules.remove(&bench.preview);
        world.advance(60_000);
    });
    assert!(bench.runs_enough("green").await);
    let seen = target.observe().await.expect("seen");
    let group = seen.group(&id).expect("it is there");
    assert_eq!(group.ready, 0);
    assert!(group.failing[0].reason.contains("Target.NotInUse"), "{group:?}");
}
