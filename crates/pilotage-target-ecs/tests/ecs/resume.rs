//! A process that dies, and another one that goes on, with nothing but the run's journal.

use std::sync::Arc;

use pilotage_driver::role::Target as _;
use pilotage_rollout::plan::Plan;
use pilotage_rollout::target::Delegation;
use pilotage_rollout::{Effect, Event, Fence, Run, Verdict};
use pilotage_target_ecs::EcsTarget;
use pilotage_testkit::fake::ecs::Trouble;

use crate::bench::{Bench, image};

/// A deploy has at least and less than so many effects.
const LEAST: usize = 5;
const LONGEST: usize = 40;

impl Bench {
    /// A new process on another machine: all that it knows is what it finds.
    fn heir(&self) -> EcsTarget {
        self.target().resumed()
    }

    /// Drives a run until it dies before or right after its so-manieth effect, and lets a new process
    /// go on.
    async fn dying(&self, effect: usize, after_it: bool) -> Option<Verdict> {
        let target = self.target();
        let plan = self.planned(&target, 2).await;
        target.register(&plan.to).await.expect("registered");
        let run = Run::open(plan, Fence(1), self.now());
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
            self.perform(&target, &unheard).await;
        }
        let heir = self.heir();
        let resumed = Event::Resumed { fence: Fence(2), dangling: is_order };
        let run = run.advance(self.now(), &resumed).expect("it can be resumed");
        self.drive(&heir, run, |_| false).await.verdict()
    }
}

#[tokio::test]
async fn a_death_at_any_point_is_gone_on_from_and_nothing_is_deployed_twice() {
    for after_it in [false, true] {
        for effect in 0.. {
            let bench = Bench::new().await;
            let Some(verdict) = bench.dying(effect, after_it).await else {
                assert!((LEAST..LONGEST).contains(&effect), "a deploy has {effect} effects");
                break;
            };
            let is_out = matches!(verdict, Verdict::Deployed { .. });
            assert!(is_out, "died at {effect}, after it: {after_it}: {verdict}");
            assert_eq!(bench.serves(), Some(image(2)));
            assert_eq!(bench.fake.world(|world| world.past("web").len()), 2, "died at {effect}");
            assert_eq!(bench.fake.called("RegisterTaskDefinition"), 1, "died at {effect}");
        }
    }
}

#[tokio::test]
async fn what_was_rolled_back_while_nobody_looked_is_known_to_a_new_process() {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.troubles.insert(image(2), Trouble::Exits(1)));
    let target = bench.target();
    let plan: Arc<Plan> = bench.planned(&target, 2).await;
    target.register(&plan.to).await.expect("registered");
    let roll = pilotage_rollout::Action::Roll { release: plan.to.id.clone() };
    bench.order(&target, 1, roll).await;
    drop(target);
    bench.fake.world(|world| world.advance(120_000));
    let heir = bench.heir();
    let seen = heir.observe().await.expect("seen").delegation;
    let is_back = matches!(&seen, Delegation::RolledBack { release, .. } if *release == plan.to.id);
    assert!(is_back, "{seen:?}");
}
