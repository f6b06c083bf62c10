//! A process that dies before or after any effect, and another one that goes on.

use std::sync::Arc;

use pilotage_rollout::plan::Plan;
use pilotage_rollout::{Effect, Event, Fence, Run, Verdict};
use pilotage_target_ecs::EcsPair;
use pilotage_testkit::fake::ecs::Trouble;

use super::bench::{PairBench, canary};
use crate::bench::image;

/// A canary has at least and less than so many effects.
const LEAST: usize = 20;
const LONGEST: usize = 150;

impl PairBench {
    /// A new process on another machine: all that it knows is what it finds.
    pub(crate) fn heir(&self) -> EcsPair {
        self.target().resumed()
    }

    async fn dying(&self, number: u8, effect: usize, after_it: bool) -> Option<Verdict> {
        let target = self.target();
        let plan: Arc<Plan> = self.planned(&target, number, canary()).await;
        target.register(&plan.to).await.expect("registered");
        let run = Run::open(plan, Fence(1), self.base.now());
        let mut effects = 0;
        let run = self
            .drive(&target, run, |_| {
                effects += 1;
                effects > effect
            })
            .await;
        if run.verdict().is_some() {
            return None;
        }
        let is_order = matches!(run.effect(), Effect::Act(_));
        if after_it {
            let unheard = run.effect().clone();
            self.base.perform(&target, &unheard).await;
        }
        drop(target);
        let heir = self.heir();
        let resumed = Event::Resumed { fence: Fence(2), dangling: is_order };
        let run = run.advance(self.base.now(), &resumed).expect("it can be resumed");
        self.drive(&heir, run, |_| false).await.verdict()
    }
}

#[tokio::test]
async fn a_death_at_any_point_ends_wholly_on_the_new_release_and_loses_no_request() {
    for after_it in [false, true] {
        for effect in 0.. {
            let bench = PairBench::new().await;
            let Some(verdict) = bench.dying(2, effect, after_it).await else {
                assert!((LEAST..LONGEST).contains(&effect), "a canary has {effect} effects");
                break;
            };
            let is_out = matches!(verdict, Verdict::Deployed { .. });
            assert!(is_out, "died at {effect}, after it: {after_it}: {verdict}");
            bench.assert_wholly(2);
            let registered = bench.base.fake.called("RegisterTaskDefinition");
            assert_eq!(registered, 1, "died at {effect}, after it: {after_it}");
        }
    }
}

#[tokio::test]
async fn a_death_at_any_point_of_a_release_that_fails_ends_wholly_on_the_old_one() {
    for after_it in [false, true] {
        for effect in 0.. {
            let bench = PairBench::new().await;
            bench.base.fake.world(|world| world.troubles.insert(image(2), Trouble::Exits(1)));
            let Some(verdict) = bench.dying(2, effect, after_it).await else {
                assert!((10..LONGEST).contains(&effect), "it has {effect} effects");
                break;
            };
            let is_back = matches!(verdict, Verdict::Reverted { .. });
            assert!(is_back, "died at {effect}, after it: {after_it}: {verdict}");
            bench.assert_wholly(1);
        }
    }
}
