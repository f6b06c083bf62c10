//! Going back: to what requests were given to, not to what was started.

use pilotage_rollout::plan::{Kind, Planned};
use pilotage_rollout::{Fence, Run, Verdict};
use pilotage_testkit::fake::ecs::Trouble;

use super::bench::{PairBench, blue_green};
use crate::bench::image;

#[tokio::test]
async fn it_goes_back_to_what_has_served_and_past_what_never_did() {
    let bench = PairBench::new().await;
    bench.deploy(2, blue_green()).await;
    bench.base.fake.world(|world| world.troubles.insert(image(3), Trouble::Sick));
    let failed = bench.deploy(3, blue_green()).await;
    assert!(matches!(failed, Verdict::Reverted { .. }), "{failed}");
    bench.assert_wholly(2);

    let target = bench.target();
    let release = target.last_good().await.expect("told").expect("the first one has served");
    assert_eq!(release.id.as_str(), "td.web.1");
    let planned = bench.plan(&target, Kind::Rollback, (release, blue_green())).await;
    let Planned::Plan(plan) = planned else { panic!("something else serves") };
    let registered = bench.base.fake.called("RegisterTaskDefinition");
    let run = Run::open(plan, Fence(9), bench.base.now());
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    assert!(matches!(verdict, Some(Verdict::Deployed { .. })), "{verdict:?}");
    bench.assert_wholly(1);
    assert_eq!(
        bench.base.fake.called("RegisterTaskDefinition"),
        registered,
        "nothing is made anew"
    );
}

#[tokio::test]
async fn where_nothing_has_served_before_there_is_nothing_to_go_back_to() {
    let bench = PairBench::new().await;
    assert_eq!(bench.target().last_good().await, Ok(None));
}
