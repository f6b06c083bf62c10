//! Ownership: the fence on the service is compared before each write.

use pilotage_clock::Clock as _;
use pilotage_driver::role::Target as _;
use pilotage_rollout::target::{Outcome, Rejection};
use pilotage_rollout::{Action, Fence, Span};

use crate::bench::Bench;

#[tokio::test]
async fn a_claim_is_a_tag_and_leaves_the_other_tags_alone() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.service("web").tags.insert("team".into(), "shop".into()));
    let target = bench.target();
    assert_eq!(bench.order(&target, 7, Action::Claim).await, Outcome::Applied);
    assert_eq!(target.observe().await.expect("seen").fence, Fence(7));
    let tags = bench.fake.world(|world| world.service("web").tags.clone());
    assert_eq!(tags.get("team").map(String::as_str), Some("shop"));
    bench.order(&target, 7, Action::Claim).await;
    assert_eq!(bench.fake.called("TagResource"), 1, "what is claimed is not claimed again");
}

#[tokio::test]
async fn who_was_overtaken_writes_nothing_any_more() {
    let bench = Bench::new().await;
    let (old, new) = (bench.target(), bench.target());
    bench.order(&old, 1, Action::Claim).await;
    bench.order(&new, 2, Action::Claim).await;
    bench.clock().sleep(Span::from_secs(5)).await;
    bench.fake.forget_calls();
    let roll = Action::Roll { release: "v2".parse().expect("a name") };
    let refused = Outcome::NotApplied(Rejection::StaleFence { current: Fence(2) });
    assert_eq!(bench.order(&old, 1, roll).await, refused);
    assert!(bench.writes().is_empty());
}

#[tokio::test]
async fn a_fence_that_makes_no_sense_lets_nobody_in() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        world.service("web").tags.insert("pilotage:fence".into(), "seven".into());
    });
    let outcome = bench.order(&bench.target(), 7, Action::Claim).await;
    assert!(matches!(outcome, Outcome::NotApplied(Rejection::StaleFence { .. })), "{outcome:?}");
}
