//! Deploys from beginning to end, and who answers meanwhile.

use pilotage_driver::role::Target as _;
use pilotage_rollout::gate::{Gate, Smoke, Via};
use pilotage_rollout::plan::{Kind, Planned};
use pilotage_rollout::ramp::{BlueGreen, Strategy};
use pilotage_rollout::target::Outcome;
use pilotage_rollout::{Action, Effect, Fence, Run, Share, Span, Verdict};
use pilotage_testkit::fake::ecs::{Fault, Trouble};

use super::bench::{PairBench, blue_green, canary, percent};
use crate::bench::{image, images};

#[tokio::test]
async fn blue_and_green_take_turns_and_nobody_is_turned_away() {
    let bench = PairBench::new().await;
    for number in 2..5 {
        let verdict = bench.deploy(number, blue_green()).await;
        assert!(matches!(verdict, Verdict::Deployed { .. }), "{number}: {verdict}");
        bench.assert_wholly(number);
    }
    assert_eq!(bench.weights(), [0, 100], "the fourth release serves from green");
    assert_eq!(bench.base.fake.called("RegisterTaskDefinition"), 3, "one for each");
}

#[tokio::test]
async fn a_canary_gets_its_part_of_the_requests_and_no_more() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let plan = bench.planned(&target, 2, canary()).await;
    let run = Run::open(plan, Fence(1), bench.base.now());
    let mut seen: Vec<(Vec<u16>, u32)> = Vec::new();
    let run = bench
        .drive(&target, run, |effect| {
            if matches!(effect, Effect::Wait { .. }) {
                let answered = bench.requests(1_000).get(&image(2)).copied().unwrap_or(0);
                seen.push((bench.weights(), answered));
            }
            false
        })
        .await;
    assert!(matches!(run.verdict(), Some(Verdict::Deployed { .. })), "{:?}", run.verdict());
    seen.dedup();
    let at = |stable, candidate, answered| (vec![stable, candidate], answered);
    assert_eq!(seen, [at(100, 0, 0), at(90, 10, 100), at(50, 50, 500), at(0, 100, 1_000)]);
    bench.assert_wholly(2);
}

#[tokio::test]
async fn a_group_that_no_rule_knows_is_put_there_with_nothing_before_its_health_is_waited_for() {
    let bench = PairBench::unprepared().await;
    let target = bench.target();
    let release = bench.composed(&target, 2).await.id;
    bench.base.fake.fail("UpdateService", Fault::LostBefore);
    let capacity = Action::Capacity { release, units: 3 };
    let outcome = bench.base.order(&target, 1, capacity).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(bench.weights(), [1, 0], "the rule knows both before any task is asked for");
    let verdict = bench.deploy(3, blue_green()).await;
    assert!(matches!(verdict, Verdict::Deployed { .. }), "{verdict}");
    bench.assert_wholly(3);
}

#[tokio::test]
async fn a_deploy_writes_what_changes_and_nothing_twice() {
    let bench = PairBench::new().await;
    bench.base.fake.forget_calls();
    bench.deploy(2, blue_green()).await;
    let written = [
        "TagResource", // the claim, at both services
        "TagResource",
        "ModifyRule", // the preview
        "RegisterTaskDefinition",
        "UpdateService", // green: the candidate, and as many tasks as blue has
        "TagResource",   // blue has served the first release
        "ModifyRule",    // the requests
        "UpdateService", // blue: no tasks
    ];
    assert_eq!(bench.base.writes(), written);
    let last = bench.base.fake.asked("UpdateService").expect("asked");
    let mut sent: Vec<&String> = last.as_object().expect("an object").keys().collect();
    sent.sort();
    assert_eq!(sent, ["cluster", "desiredCount", "service"], "nothing else is changed");
}

#[tokio::test]
async fn what_would_change_nothing_is_written_nowhere() {
    let bench = PairBench::new().await;
    let target = bench.target();
    let same = target.compose("v2".parse().ok(), Some(2), &images(1)).await.expect("composed");
    let planned = bench.plan(&target, Kind::Deploy, (same, blue_green())).await;
    assert!(matches!(planned, Planned::Unchanged(_)), "{planned:?}");
    assert!(bench.base.writes().is_empty());
}

#[tokio::test]
async fn the_preview_leads_to_the_candidate_before_anybody_else_gets_there() {
    let bench = PairBench::new().await;
    let smoke = Smoke {
        check: "front".into(),
        via: Via::Preview,
        attempts: 1,
        interval: Span::from_secs(1),
    };
    let (before, keep) = (vec![Gate::Smoke(smoke)], Span::from_secs(20));
    let strategy = Strategy::BlueGreen(BlueGreen { before, after: vec![], keep });
    let target = bench.target();
    let plan = bench.planned(&target, 2, strategy).await;
    let run = Run::open(plan, Fence(1), bench.base.now());
    let run = bench.drive(&target, run, |effect| matches!(effect, Effect::Probe(_))).await;
    assert!(matches!(run.effect(), Effect::Probe(_)), "{:?}", run.effect());
    let shown = bench.base.fake.world(|world| world.send(&bench.preview, "web", 10));
    assert_eq!(shown.get(&image(2)), Some(&10), "{shown:?}");
    assert_eq!(bench.requests(10).get(&image(1)), Some(&10), "and nobody else is");
}

#[tokio::test]
async fn a_candidate_that_does_not_answer_gets_nothing_and_goes_with_its_own_reasons() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| world.troubles.insert(image(2), Trouble::Sick));
    let verdict = bench.deploy(2, blue_green()).await;
    let Verdict::Reverted { cause } = &verdict else { panic!("{verdict}") };
    let words = cause.to_string();
    assert!(words.contains("Target.ResponseCodeMismatch") && words.contains("[500]"), "{words}");
    bench.assert_wholly(1);
}

#[tokio::test]
async fn where_nothing_serves_yet_the_first_release_comes_up_without_requests() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| {
        world.service("blue").desired = 0;
        world.advance(60_000);
    });
    let target = bench.target();
    let to = bench.composed(&target, 2).await;
    let seen = target.observe().await.expect("seen");
    assert!(seen.groups.is_empty(), "{seen:?}");
    for (action, share) in [
        (Action::Claim, Share::NONE),
        (Action::Capacity { release: to.id.clone(), units: 3 }, Share::NONE),
        (Action::Traffic { stable: None, candidate: to.id.clone(), share: Share::ALL }, Share::ALL),
    ] {
        bench.base.order(&target, 1, action).await;
        bench.base.fake.world(|world| world.advance(60_000));
        let seen = target.observe().await.expect("seen");
        let group = seen.group(&to.id).map_or(Share::NONE, |group| group.share);
        assert_eq!(group, share, "{seen:?}");
    }
    bench.assert_wholly(2);
}

#[tokio::test]
async fn the_default_rule_of_a_listener_is_divided_as_well() {
    let bench = PairBench::with_rule(|world, [blue, green]| {
        world.make_listener("web", &[(blue, 100), (green, 0)])
    })
    .await;
    let verdict = bench.deploy(2, canary()).await;
    assert!(matches!(verdict, Verdict::Deployed { .. }), "{verdict}");
    assert_eq!(bench.base.fake.called("ModifyListener"), 3);
    bench.assert_wholly(2);
}

#[tokio::test]
async fn stickiness_outlives_every_change_and_is_told() {
    let bench = PairBench::new().await;
    bench.base.fake.world(|world| {
        let rule = world.balancer.rules.get_mut(&bench.rule).expect("the rule");
        rule.sticky = Some(3_600);
    });
    assert_eq!(bench.target().sticky().await, Ok(Some(Span::from_secs(3_600))));
    assert_eq!(bench.target().drain().await, Ok(Span::from_secs(10)));
    bench.deploy(2, canary()).await;
    let sticky = bench.base.fake.world(|world| world.balancer.rules[&bench.rule].sticky);
    assert_eq!(sticky, Some(3_600));
    assert_eq!(percent(100), Share::ALL);
}
