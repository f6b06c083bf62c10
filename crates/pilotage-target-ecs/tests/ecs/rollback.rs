//! Going back: to what succeeded, not to what was registered.

use pilotage_driver::role::Target as _;
use pilotage_rollout::plan::{Kind, Planned};
use pilotage_rollout::target::Outcome;
use pilotage_rollout::{Action, Fence, Run, Verdict};
use pilotage_target_ecs::rollback::Back;
use pilotage_testkit::fake::ecs::Trouble;
use serde_json::json;

use crate::bench::{Bench, definition, image};

#[tokio::test]
async fn it_goes_back_to_the_last_success_and_past_what_failed_or_never_ran() {
    let bench = Bench::new().await;
    bench.deploy(2).await;
    bench.fake.world(|world| world.troubles.insert(image(3), Trouble::Exits(1)));
    let failed = bench.deploy_after(3).await;
    assert!(matches!(failed, Verdict::Reverted { .. }), "{failed}");
    bench.fake.world(|world| world.define(&definition(7)));
    bench.deploy_after(4).await;
    assert_eq!(bench.serves(), Some(image(4)));

    let target = bench.target();
    let (back, release) = target.last_good().await.expect("told");
    assert!(
        matches!(&back, Back::To { definition, .. } if definition.ends_with("web:2")),
        "{back:?}"
    );
    let release = release.expect("it is known");
    assert_eq!(release.id.as_str(), "v2");

    let planned = bench.plan_for(&target, Kind::Rollback, release).await;
    let Planned::Plan(plan) = planned else { panic!("something else serves") };
    let registered = bench.fake.called("RegisterTaskDefinition");
    let run = Run::open(plan, Fence(9), bench.now());
    let verdict = bench.drive(&target, run, |_| false).await.verdict();
    assert!(matches!(verdict, Some(Verdict::Deployed { .. })), "{verdict:?}");
    assert_eq!(bench.serves(), Some(image(2)));
    assert_eq!(bench.fake.called("RegisterTaskDefinition"), registered, "nothing is made anew");
}

#[tokio::test]
async fn without_an_earlier_success_there_is_nothing_to_go_back_to() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.define(&definition(7)));
    let (back, release) = bench.target().last_good().await.expect("told");
    assert_eq!((back, release), (Back::Nothing, None));
}

#[tokio::test]
async fn clean_up_leaves_what_is_deployed_what_was_and_what_is_not_ours() {
    let bench = Bench::new().await;
    bench.deploy(2).await;
    bench.deploy_after(3).await;
    bench.fake.world(|world| {
        for number in 20..36 {
            let mut document = definition(number);
            document["tags"] =
                json!([{ "key": "pilotage:release", "value": format!("x{number}") }]);
            world.define(&document);
        }
    });
    let target = bench.target();
    target.observe().await.expect("seen");
    let keep = vec!["x20".parse().expect("a name")];
    assert_eq!(bench.order(&target, 9, Action::Prune { keep }).await, Outcome::Applied);
    let retired = bench.fake.world(|world| world.retired());
    let ours = |number: u8| format!("web:{number}");
    assert_eq!(retired, [ours(5), ours(6), ours(7), ours(8), ours(9)], "the oldest five of ours");
}
