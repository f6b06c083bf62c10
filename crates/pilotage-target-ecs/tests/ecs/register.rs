//! A release is registered once, before the run, whatever becomes of the answer.

use pilotage_artifact::Release;
use pilotage_target_ecs::EcsTarget;
use pilotage_testkit::fake::ecs::Fault;

use crate::bench::{Bench, images};

const REGISTER: &str = "RegisterTaskDefinition";

async fn composed(target: &EcsTarget) -> Release {
    let id = "v2".parse().expect("a name");
    target.compose(Some(id), None, &images(2)).await.expect("composed")
}

#[tokio::test]
async fn one_revision_is_registered_whatever_becomes_of_the_answer() {
    for (fault, calls) in
        [(Fault::Throttled, 2), (Fault::Rush, 2), (Fault::LostBefore, 2), (Fault::LostAfter, 1)]
    {
        let bench = Bench::new().await;
        let target = bench.target();
        let release = composed(&target).await;
        assert_eq!(release.sequence, 1, "newer than what serves");
        bench.fake.fail(REGISTER, fault);
        target.register(&release).await.expect("registered");
        target.register(&release).await.expect("and known");
        assert_eq!(bench.fake.called(REGISTER), calls, "{fault:?}");
        let family = bench.fake.world(|world| world.revisions("web"));
        assert_eq!(family, 2, "{fault:?}: the first one, and this");
    }
}

#[tokio::test]
async fn who_may_not_register_is_told_so_and_nothing_is_tried_again() {
    let bench = Bench::new().await;
    let target = bench.target();
    let release = composed(&target).await;
    bench.fake.fail(REGISTER, Fault::Denied);
    let error = target.register(&release).await.expect_err("denied");
    assert!(error.to_string().contains("`v2` cannot be registered"), "{error}");
    assert_eq!(bench.fake.called(REGISTER), 1);
}

#[tokio::test]
async fn what_was_planned_elsewhere_must_be_what_is_registered() {
    let bench = Bench::new().await;
    let target = bench.target();
    let release = composed(&target).await;
    let planned = Release { sequence: 7, ..release };
    let error = target.register(&planned).await.expect_err("another one");
    assert!(error.to_string().contains("is not what the service would get now"), "{error}");
    assert_eq!(bench.fake.called(REGISTER), 0);
}
