//! Services that ECS leads through stages: watched by its record, let on from hooks, taken back.

use pilotage_driver::role::Target as _;
use pilotage_rollout::gate::{Gate, Manual};
use pilotage_rollout::plan::{Kind, Planned};
use pilotage_rollout::target::{Delegation, Outcome, Rejection};
use pilotage_rollout::{Action, Effect, Fence, Run, Share, Verdict};
use pilotage_target_ecs::EcsTarget;
use pilotage_testkit::fake::ecs::{Fault, Stages, Trouble};

use crate::bench::{Bench, image, images};

/// Blue and green, with a pause between the tests and the requests.
const PAUSED: Stages = Stages {
    strategy: "BLUE_GREEN",
    pause_at: Some("POST_TEST_TRAFFIC_SHIFT"),
    patience: 86_400_000,
    weights: &[100],
    bake: 10_000,
};

async fn staged(stages: Stages) -> Bench {
    let bench = Bench::new().await;
    bench.fake.world(|world| world.service("web").stages = Some(stages));
    bench
}

impl Bench {
    async fn until_it_waits(&self, target: &EcsTarget) -> String {
        self.roll(target, 2).await;
        let waits = |seen: &Delegation| matches!(seen, Delegation::Awaiting { .. });
        let seen = self.until(target, "the hook", |seen| waits(&seen.delegation)).await;
        match seen.delegation {
            Delegation::Awaiting { hook, .. } => hook,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_deployment_that_waits_is_let_on_once_the_gates_are_passed() {
    for strategy in ["BLUE_GREEN", "LINEAR", "CANARY"] {
        let bench = staged(Stages { strategy, weights: &[10, 50, 100], ..PAUSED }).await;
        let verdict = bench.deploy(2).await;
        assert!(matches!(verdict, Verdict::Deployed { .. }), "{strategy}: {verdict}");
        assert_eq!(bench.fake.called("ContinueServiceDeployment"), 1);
        assert_eq!(bench.serves(), Some(image(2)));
        assert_eq!(bench.fake.world(|world| world.past("web")), ["SUCCESSFUL", "SUCCESSFUL"]);
    }
}

#[tokio::test]
async fn without_a_pause_it_is_watched_to_its_end() {
    let bench = staged(Stages { pause_at: None, ..PAUSED }).await;
    let verdict = bench.deploy(2).await;
    assert!(matches!(verdict, Verdict::Deployed { .. }), "{verdict}");
    assert_eq!(bench.serves(), Some(image(2)));
}

#[tokio::test]
async fn while_it_waits_for_a_word_nobody_gets_the_new_one() {
    let bench = staged(PAUSED).await;
    let target = bench.target();
    bench.until_it_waits(&target).await;
    let seen = target.observe().await.expect("seen");
    let share = |name: &str| seen.groups.iter().find(|group| group.release.id.as_str() == name);
    let [new, old] = ["v2", "td.web.1"].map(|name| share(name).map(|group| group.share));
    assert_eq!((new, old), (Some(Share::NONE), Some(Share::ALL)), "{seen:?}");
}

#[tokio::test]
async fn what_is_not_wanted_is_taken_back_by_ecs_itself() {
    let bench = staged(PAUSED).await;
    let target = bench.target();
    bench.until_it_waits(&target).await;
    let before = bench.fake.called("UpdateService");
    let back = Action::Roll { release: "td.web.1".parse().expect("a name") };
    assert_eq!(bench.order(&target, 1, back).await, Outcome::Applied);
    assert_eq!(bench.fake.called("StopServiceDeployment"), 1);
    assert_eq!(bench.fake.called("UpdateService"), before, "nothing new is begun");
    let is_back = |seen: &Delegation| matches!(seen, Delegation::RolledBack { release, .. } if release.as_str() == "v2");
    bench.until(&target, "the way back", |seen| is_back(&seen.delegation)).await;
    bench.fake.world(|world| world.advance(60_000));
    assert_eq!(bench.serves(), Some(image(1)));
}

#[tokio::test]
async fn a_hook_that_nobody_answers_ends_as_ecs_was_told_and_is_no_success() {
    let bench = staged(Stages { patience: 60_000, ..PAUSED }).await;
    let target = bench.target();
    bench.until_it_waits(&target).await;
    bench.fake.world(|world| world.advance(300_000));
    assert_eq!(bench.serves(), Some(image(1)), "the service is steady, and old");
    let seen = target.observe().await.expect("seen").delegation;
    let Delegation::RolledBack { reason, .. } = &seen else { panic!("{seen:?}") };
    assert!(reason.contains("a hook was not answered in time"), "{reason}");
}

#[tokio::test]
async fn tasks_that_do_not_come_up_end_it_with_their_own_words() {
    let bench = staged(PAUSED).await;
    bench.fake.world(|world| world.troubles.insert(image(2), Trouble::NoImage));
    let verdict = bench.deploy(2).await;
    let Verdict::Reverted { cause } = &verdict else { panic!("{verdict}") };
    assert!(cause.to_string().contains("CannotPullContainerError"), "{cause}");
    assert_eq!(bench.serves(), Some(image(1)));
}

#[tokio::test]
async fn a_new_process_finds_what_waits_and_lets_it_on() {
    let bench = staged(PAUSED).await;
    let hook = bench.until_it_waits(&bench.target()).await;
    let heir = bench.target().resumed();
    let seen = heir.observe().await.expect("seen").delegation;
    assert!(matches!(&seen, Delegation::Awaiting { hook: same, .. } if *same == hook), "{seen:?}");
    let outcome = bench.order(&heir, 1, Action::Proceed { hook }).await;
    assert_eq!(outcome, Outcome::Applied);
    let is_out = |seen: &Delegation| matches!(seen, Delegation::Complete { .. });
    bench.until(&heir, "its end", |seen| is_out(&seen.delegation)).await;
    assert_eq!(bench.serves(), Some(image(2)));
}

#[tokio::test]
async fn a_word_is_given_once_and_one_that_comes_too_late_is_looked_at() {
    let bench = staged(PAUSED).await;
    let target = bench.target();
    let hook = bench.until_it_waits(&target).await;
    let proceed = || Action::Proceed { hook: hook.clone() };
    bench.fake.fail("ContinueServiceDeployment", Fault::LostAfter);
    let outcome = bench.order(&target, 1, proceed()).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(bench.fake.called("ContinueServiceDeployment"), 1);
    let late = bench.order(&target, 1, proceed()).await;
    assert!(matches!(late, Outcome::NotApplied(Rejection::Busy { .. })), "{late:?}");
}

#[tokio::test]
async fn a_persons_word_is_waited_for_while_ecs_waits() {
    let bench = staged(PAUSED).await;
    let target = bench.target();
    let gates = vec![Gate::Manual(Manual { question: "out with it?".into() })];
    let id = "v2".parse().expect("a name");
    let to = target.compose(Some(id), Some(2), &images(2)).await.expect("composed");
    let planned = bench.plan_with(&target, Kind::Deploy, to, gates).await;
    let Planned::Plan(plan) = planned else { panic!("{planned:?}") };
    let run = Run::open(plan, Fence(1), bench.now());
    let asks = |effect: &Effect| matches!(effect, Effect::Ask { .. });
    let run = bench.drive(&target, run, asks).await;
    assert!(asks(run.effect()), "{:?}", run.effect());
    assert_eq!(bench.fake.called("ContinueServiceDeployment"), 0);
}
