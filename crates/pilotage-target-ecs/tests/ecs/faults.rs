//! Calls that fail, that nobody knows of, and that come at the wrong moment.

use pilotage_driver::role::Target as _;
use pilotage_rollout::target::{Delegation, Outcome, ReadFailure, Rejection};
use pilotage_rollout::{Action, Verdict};
use pilotage_testkit::fake::ecs::Fault;

use crate::bench::{Bench, image, images};

async fn roll_with(bench: &Bench, action: &'static str, fault: Fault) -> Outcome {
    let target = bench.target();
    let id = "v2".parse().expect("a name");
    let release = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
    bench.fake.fail(action, fault);
    bench.order(&target, 1, Action::Roll { release: release.id }).await
}

#[tokio::test]
async fn a_deploy_gets_over_any_single_fault_of_any_call() {
    for action in ["DescribeServices", "TagResource", "RegisterTaskDefinition", "UpdateService"] {
        for fault in [Fault::Throttled, Fault::LostBefore, Fault::LostAfter] {
            let bench = Bench::new().await;
            let target = bench.target();
            let plan = bench.planned(&target, 2).await;
            bench.fake.fail(action, fault);
            let run = pilotage_rollout::Run::open(plan, pilotage_rollout::Fence(1), bench.now());
            let verdict = bench.drive(&target, run, |_| false).await.verdict();
            let is_out = matches!(verdict, Some(Verdict::Deployed { .. }));
            assert!(is_out, "{action} {fault:?}: {verdict:?}");
            assert_eq!(bench.serves(), Some(image(2)), "{action} {fault:?}");
            let deployments = bench.fake.world(|world| world.past("web").len());
            assert_eq!(deployments, 2, "{action} {fault:?}: no second deployment");
        }
    }
}

#[tokio::test]
async fn a_write_is_sent_once_and_a_throttled_one_was_not_made() {
    let bench = Bench::new().await;
    let outcome = roll_with(&bench, "UpdateService", Fault::Throttled).await;
    assert!(matches!(outcome, Outcome::NotApplied(Rejection::Busy { .. })), "{outcome:?}");
    assert_eq!(bench.fake.called("UpdateService"), 1);
}

#[tokio::test]
async fn two_who_register_at_once_come_again() {
    let bench = Bench::new().await;
    let outcome = roll_with(&bench, "RegisterTaskDefinition", Fault::Rush).await;
    let Outcome::NotApplied(Rejection::Busy { retry_after, .. }) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(retry_after.is_some(), "{outcome:?}");
    assert_eq!(bench.fake.called("UpdateService"), 0);
}

#[tokio::test]
async fn an_update_whose_answer_was_lost_is_found_by_looking() {
    let bench = Bench::new().await;
    let target = bench.target();
    let id = "v2".parse().expect("a name");
    let release = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
    bench.fake.fail("UpdateService", Fault::LostAfter);
    let roll = Action::Roll { release: release.id.clone() };
    let outcome = bench.order(&target, 1, roll.clone()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    let done = Delegation::Complete { release: release.id };
    bench.until(&target, "its completion", |seen| seen.delegation == done).await;
    assert_eq!(bench.order(&target, 1, roll).await, Outcome::Applied);
    assert_eq!(bench.fake.called("UpdateService"), 1, "what goes on is not begun again");
}

#[tokio::test]
async fn a_revision_whose_registration_nobody_knows_of_is_looked_for() {
    let bench = Bench::new().await;
    let target = bench.target();
    let id = "v2".parse().expect("a name");
    let release = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
    bench.fake.fail("RegisterTaskDefinition", Fault::LostAfter);
    let roll = Action::Roll { release: release.id };
    let outcome = bench.order(&target, 1, roll.clone()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(bench.order(&target, 1, roll).await, Outcome::Applied);
    assert_eq!(bench.fake.called("RegisterTaskDefinition"), 1, "no second revision");
}

#[tokio::test]
async fn credentials_that_end_change_nothing_and_say_what_helps() {
    let bench = Bench::new().await;
    let outcome = roll_with(&bench, "UpdateService", Fault::Expired).await;
    let Outcome::NotApplied(Rejection::Refused { reason }) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(reason.contains("ecs:UpdateService") && reason.contains("sign in again"), "{reason}");
}

#[tokio::test]
async fn a_read_is_tried_again_and_a_refused_one_is_not() {
    let bench = Bench::new().await;
    bench.fake.fail("DescribeServices", Fault::Throttled);
    bench.target().observe().await.expect("the second try");
    bench.fake.forget_calls();
    bench.fake.fail("DescribeServices", Fault::Denied);
    let refused = bench.target().observe().await.expect_err("it is not allowed");
    let ReadFailure::Refused { reason } = &refused else { panic!("{refused:?}") };
    assert!(reason.contains("allow `ecs:DescribeServices`"), "{reason}");
    assert_eq!(bench.fake.called("DescribeServices"), 1);
}

#[tokio::test]
async fn a_revision_that_was_retired_meanwhile_is_no_way_forward() {
    let bench = Bench::new().await;
    let target = bench.target();
    let outcome = {
        let id = "v2".parse().expect("a name");
        let release = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
        bench.fake.fail("UpdateService", Fault::Throttled);
        bench.order(&target, 1, Action::Roll { release: release.id.clone() }).await;
        bench.fake.world(|world| world.retire("web:2"));
        bench.order(&target, 1, Action::Roll { release: release.id }).await
    };
    let Outcome::NotApplied(Rejection::Refused { reason }) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(reason.contains("inactive"), "{reason}");
}

#[tokio::test]
async fn an_autoscaler_that_grows_the_service_is_followed_and_never_sent_a_number() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.start_up = 60_000);
    let target = bench.target();
    let plan = bench.planned(&target, 2).await;
    let run = pilotage_rollout::Run::open(plan, pilotage_rollout::Fence(1), bench.now());
    let mut effects = 0;
    let run = bench
        .drive(&target, run, |_| {
            effects += 1;
            effects == 8
        })
        .await;
    bench.fake.world(|world| world.service("web").desired = 5);
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    assert!(matches!(verdict, Some(Verdict::Deployed { .. })), "{verdict:?}");
    assert_eq!(
        bench.fake.world(|world| world.running("web", "web").get(&image(2)).copied()),
        Some(5)
    );
}
