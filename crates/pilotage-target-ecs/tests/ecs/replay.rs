//! False successes that users of other tools have reported, played again.
//!
//! In each, the rule of the other tool says that the release is out; see `naive`. Here it never is.

use pilotage_aws::ecs::Service;
use pilotage_clock::Clock as _;
use pilotage_driver::role::Target as _;
use pilotage_rollout::target::{Delegation, ReadFailure};
use pilotage_rollout::{Fence, Run, Verdict};
use pilotage_target_ecs::EcsTarget;
use pilotage_testkit::fake::ecs::{Breaker, Fault, Trouble, Twist};
use serde_json::json;

use crate::bench::{Bench, definition, image, name};
use crate::naive;

impl Bench {
    async fn service(&self) -> Service {
        self.ecs.service(&name()).await.expect("told")
    }

    fn pass(&self, seconds: u64) {
        self.fake.world(|world| world.advance(seconds * 1_000));
    }

    fn spoil(&self, number: u8, trouble: Trouble) {
        self.fake.world(|world| world.troubles.insert(image(number), trouble));
    }

    /// A release that ECS has rolled back while nobody looked.
    async fn rolled_back(&self) -> EcsTarget {
        self.spoil(2, Trouble::Exits(1));
        let target = self.target();
        self.roll(&target, 2).await;
        target.observe().await.expect("seen");
        self.pass(120);
        target
    }
}

async fn delegation(target: &EcsTarget) -> Delegation {
    target.observe().await.expect("it can be read").delegation
}

fn is_rolled_back(seen: &Delegation) -> bool {
    matches!(seen, Delegation::RolledBack { release, .. } if release.as_str() == "v2")
}

/// aws-actions/amazon-ecs-deploy-task-definition#191, #494.
#[tokio::test]
async fn a_service_that_is_stable_again_after_a_rollback() {
    let bench = Bench::new().await;
    let target = bench.rolled_back().await;
    assert!(naive::is_stable(&[bench.service().await]));
    let seen = delegation(&target).await;
    assert!(is_rolled_back(&seen), "{seen:?}");
}

/// The same, where a state other than `FAILED` was thought to be enough.
#[tokio::test]
async fn a_rollback_that_is_itself_completed() {
    let bench = Bench::new().await;
    let target = bench.rolled_back().await;
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    assert!(is_rolled_back(&delegation(&target).await));
}

/// fabfuel/ecs-deploy#185.
#[tokio::test]
async fn tasks_of_whatever_the_service_names_by_then() {
    let bench = Bench::new().await;
    let target = bench.rolled_back().await;
    assert!(naive::runs_what_it_says(&bench.service().await));
    assert!(is_rolled_back(&delegation(&target).await));
}

/// The failed deployment is gone from the list, and so are its words; its tasks still tell.
#[tokio::test]
async fn a_deployment_that_is_no_longer_listed() {
    let bench = Bench::new().await;
    let target = bench.rolled_back().await;
    assert_eq!(bench.service().await.deployments.len(), 1);
    let Delegation::RolledBack { reason, .. } = delegation(&target).await else {
        panic!("it was rolled back")
    };
    assert!(reason.contains("container `web` ended with 1"), "{reason}");
}

/// aws-actions/amazon-ecs-deploy-task-definition#838: stable, and yet not completed.
#[tokio::test]
async fn a_standstill_on_the_way() {
    let bench = Bench::new().await;
    let target = bench.target();
    bench.roll(&target, 2).await;
    bench.pass(60);
    let unfinished = |answer: &mut serde_json::Value| {
        answer["services"][0]["deployments"][0]["rolloutState"] = json!("IN_PROGRESS");
    };
    bench.fake.twist(Twist::once("DescribeServices", unfinished).times(2));
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    let seen = delegation(&target).await;
    assert!(matches!(seen, Delegation::Rolling { .. }), "{seen:?}");
}

/// A state that did not exist when the tool was written.
#[tokio::test]
async fn a_word_that_nobody_knows_yet() {
    let bench = Bench::new().await;
    let target = bench.target();
    bench.roll(&target, 2).await;
    bench.pass(60);
    let novel = |answer: &mut serde_json::Value| {
        answer["services"][0]["deployments"][0]["rolloutState"] = json!("DEGRADED");
    };
    bench.fake.twist(Twist::once("DescribeServices", novel).times(2));
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    assert!(matches!(delegation(&target).await, Delegation::Rolling { .. }));
}

/// kayac/ecspresso: what is pending is not looked for, and then nothing is waited for.
#[tokio::test]
async fn a_deployment_that_is_pending_for_long() {
    let bench = Bench::new().await;
    let before = bench.now();
    bench.fake.world(|world| (world.pending_for, world.start_up) = (30_000, 60_000));
    let target = bench.target();
    bench.roll(&target, 2).await;
    let service = bench.service().await;
    let history = bench.ecs.history(&name()).await.expect("told");
    // Only `IN_PROGRESS` is asked for there.
    let pending = bench.fake.world(|world| world.past("web"));
    assert_eq!(pending.last().map(String::as_str), Some("PENDING"));
    let listed: Vec<_> = history.into_iter().skip(1).collect();
    let ours = service.task_definition.clone().expect("named");
    assert!(naive::none_is_active(&service, &listed, before, &ours));
    assert!(matches!(delegation(&target).await, Delegation::Rolling { .. }));
}

/// The same by a clock that is ten minutes ahead of the server's.
#[tokio::test]
async fn a_clock_that_is_ahead() {
    let bench = Bench::new().await;
    let before = bench.clock().now();
    bench.fake.world(|world| world.start_up = 60_000);
    let target = bench.target();
    bench.roll(&target, 2).await;
    let (service, history) = (bench.service().await, bench.ecs.history(&name()).await);
    let ours = service.task_definition.clone().expect("named");
    assert!(naive::none_is_active(&service, &history.expect("told"), before, &ours));
    assert!(matches!(delegation(&target).await, Delegation::Rolling { .. }));
}

/// kayac/ecspresso: a forced deployment of the same revision that was rolled back to itself.
#[tokio::test]
async fn a_rollback_to_the_same_revision() {
    let bench = Bench::new().await;
    bench.spoil(1, Trouble::Exits(1));
    bench.fake.world(|world| {
        world.service("web").breaker = Breaker::GiveUp;
        let first = world.service("web").primary().map(|primary| primary.definition.clone());
        world.meddle("web", &first.expect("it serves"));
        world.advance(60_000);
        world.service("web").breaker = Breaker::RollBack;
    });
    let target = bench.target();
    let live = bench.roll(&target, 1).await;
    assert_eq!(bench.fake.asked("UpdateService").expect("asked")["forceNewDeployment"], true);
    target.observe().await.expect("seen");
    bench.pass(20);
    bench.fake.world(|world| world.troubles.clear());
    bench.pass(120);
    let (service, history) = (bench.service().await, bench.ecs.history(&name()).await);
    assert!(naive::is_over(&service, &history.expect("told"), &bench.first));
    let seen = delegation(&target).await;
    let is_back = matches!(&seen, Delegation::RolledBack { release, .. } if *release == live.id);
    assert!(is_back, "{seen:?}");
}

/// In many tools: two pipelines; the first one is green with the second one's release.
#[tokio::test]
async fn a_deployment_of_somebody_else() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.start_up = 60_000);
    let target = bench.target();
    let plan = bench.planned(&target, 2).await;
    let run = Run::open(plan, Fence(1), bench.now());
    let mut looks = 0;
    let run = bench
        .drive(&target, run, |_| {
            looks += 1;
            looks == 8
        })
        .await;
    bench.fake.world(|world| {
        let other = world.define(&definition(9));
        world.meddle("web", &other);
        world.advance(180_000);
    });
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    let verdict = bench.drive(&target, run, |_| false).await.verdict().expect("a verdict");
    let Verdict::Paused { reason } = &verdict else { panic!("{verdict}") };
    assert!(reason.contains("td.web.3") && reason.contains("not part of the plan"), "{reason}");
    assert_eq!(bench.serves(), Some(image(9)), "and it is left alone");
}

/// The description right after the update is older than it.
#[tokio::test]
async fn an_answer_from_before_the_update() {
    let bench = Bench::new().await;
    let target = bench.target();
    bench.roll(&target, 2).await;
    bench.fake.fail("DescribeServices", Fault::Stale);
    bench.fake.fail("DescribeServices", Fault::Stale);
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    let seen = delegation(&target).await;
    assert!(
        matches!(&seen, Delegation::Rolling { release } if release.as_str() == "v2"),
        "{seen:?}"
    );
}

/// Events are repeated rarely, so that the newest may be about the last deployment.
#[tokio::test]
async fn an_event_of_the_deployment_before() {
    let bench = Bench::new().await;
    bench.deploy(2).await;
    bench.fake.world(|world| world.start_up = 60_000);
    let target = bench.target();
    bench.roll(&target, 3).await;
    assert!(naive::says_steady(&bench.service().await));
    assert!(matches!(delegation(&target).await, Delegation::Rolling { .. }));
}

/// boto/botocore: all of none are stable; what is missing is listed under `failures`, with status 200.
#[tokio::test]
async fn a_service_that_is_not_there() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.services.clear());
    let listed = bench.ecs.services("shop", &["web"]).await.expect("status 200");
    assert!(naive::is_stable(&listed));
    let failure = bench.target().observe().await.expect_err("there is none");
    assert!(matches!(failure, ReadFailure::Refused { .. }), "{failure:?}");
}

/// With nothing to run, anything is stable; nothing was verified.
#[tokio::test]
async fn a_service_that_was_scaled_to_nothing_meanwhile() {
    let bench = Bench::new().await;
    bench.spoil(2, Trouble::Hangs);
    let target = bench.target();
    let plan = bench.planned(&target, 2).await;
    let run = Run::open(plan, Fence(1), bench.now());
    let mut effects = 0;
    let run = bench
        .drive(&target, run, |_| {
            effects += 1;
            effects == 8
        })
        .await;
    bench.fake.world(|world| {
        world.service("web").desired = 0;
        world.advance(60_000);
    });
    assert!(naive::is_stable_and_not_failed(&bench.service().await));
    let verdict = bench.drive(&target, run, |_| false).await.verdict().expect("a verdict");
    assert!(!matches!(verdict, Verdict::Deployed { .. }), "{verdict}");
}

/// kayac/ecspresso#534, treasure-data/digdag#1724: what never ran has no exit code, which is not zero.
#[tokio::test]
async fn a_container_without_an_exit_code() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.service("web").breaker = Breaker::Off);
    bench.spoil(2, Trouble::NoImage);
    let target = bench.target();
    bench.roll(&target, 2).await;
    bench.pass(5);
    let ours = bench.service().await.primary().expect("it goes on").id.clone();
    let ended = bench.ecs.stopped("shop", &ours).await.expect("told");
    assert!(!ended.is_empty() && ended.iter().all(naive::no_bad_exit));
    let seen = target.observe().await.expect("seen");
    let failing: Vec<_> = seen.groups.iter().flat_map(|group| &group.failing).collect();
    assert!(failing.iter().any(|failing| failing.hopeless), "{failing:?}");
}
