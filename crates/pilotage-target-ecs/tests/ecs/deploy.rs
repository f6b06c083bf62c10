//! A deploy from beginning to end, and what it costs.

use pilotage_driver::role::Target as _;
use pilotage_rollout::Verdict;
use pilotage_rollout::plan::Planned;
use pilotage_target_ecs::{CandidateError, ComposeError, Images};
use pilotage_testkit::fake::ecs::{Breaker, Trouble};
use serde_json::json;

use crate::bench::{Bench, image, images};

#[tokio::test]
async fn a_release_is_rolled_out_with_one_update_and_nothing_is_lost() {
    let bench = Bench::new().await;
    let verdict = bench.deploy(2).await;
    assert!(matches!(verdict, Verdict::Deployed { .. }), "{verdict}");
    assert_eq!(bench.serves(), Some(image(2)));
    assert_eq!(
        bench.writes(),
        ["TagResource", "RegisterTaskDefinition", "UpdateService"],
        "claimed, registered, updated: once each"
    );
    let update = bench.fake.asked("UpdateService").expect("asked");
    let mut sent: Vec<&String> = update.as_object().expect("an object").keys().collect();
    sent.sort();
    assert_eq!(sent, ["cluster", "service", "taskDefinition"], "nothing else is changed");
    let registered = bench.fake.asked("RegisterTaskDefinition").expect("asked");
    assert_eq!(registered["invented2031"], json!({ "kept": true }), "what is new is kept");
    assert_eq!(registered["containerDefinitions"][0]["image"], json!(image(2)));
    assert_eq!(
        registered["containerDefinitions"][1]["image"],
        json!("registry.example.org/shop/log@sha256:77")
    );
}

#[tokio::test]
async fn beside_four_calls_there_is_one_for_each_look() {
    let bench = Bench::new().await;
    bench.deploy(2).await;
    let calls = bench.fake.calls();
    let looks = bench.fake.called("DescribeServices");
    assert_eq!(bench.fake.called("DescribeTaskDefinition"), 1, "{calls:?}");
    assert_eq!(calls.len() - looks, 4, "{calls:?}");
}

#[tokio::test]
async fn what_would_change_nothing_costs_two_reads_and_no_write() {
    let bench = Bench::new().await;
    let planned = bench.plan(&bench.target(), 1).await;
    assert!(matches!(planned, Planned::Unchanged(_)), "{planned:?}");
    assert_eq!(bench.fake.calls(), ["DescribeServices", "DescribeTaskDefinition"]);
}

#[tokio::test]
async fn a_container_that_is_not_there_is_named_with_those_that_are() {
    let bench = Bench::new().await;
    let wrong = Images::from([("wbe".into(), image(2).parse().expect("an image"))]);
    let id = "v2".parse().expect("a name");
    let error = bench.target().compose(Some(id), Some(2), &wrong).await.expect_err("there is none");
    assert!(matches!(error, ComposeError::Candidate(CandidateError::NoContainer { .. })));
    assert!(error.to_string().contains("it has web, log"), "{error}");
    assert!(bench.writes().is_empty());
}

#[tokio::test]
async fn several_images_go_out_as_one_revision() {
    let bench = Bench::new().await;
    let mut both = images(2);
    let log = "registry.example.org/shop/log@sha256:".to_owned() + &"8".repeat(64);
    both.insert("log".into(), log.parse().expect("an image"));
    let target = bench.target();
    let id = "v2".parse().expect("a name");
    let release = target.compose(Some(id), Some(2), &both).await.expect("composed");
    let roll = pilotage_rollout::Action::Roll { release: release.id };
    bench.order(&target, 1, roll).await;
    let sent = bench.fake.asked("RegisterTaskDefinition").expect("asked");
    assert_eq!(sent["containerDefinitions"][1]["image"], json!(log));
}

#[tokio::test]
async fn an_image_that_is_not_there_ends_the_deploy_at_once_in_ecs_s_own_words() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        world.troubles.insert(image(2), Trouble::NoImage);
        world.service("web").breaker = Breaker::Off;
    });
    let verdict = bench.deploy(2).await;
    let Verdict::Reverted { cause } = &verdict else { panic!("{verdict}") };
    let said = cause.to_string();
    assert!(said.contains("CannotPullContainerError") && said.contains("push it"), "{said}");
    assert_eq!(bench.serves(), Some(image(1)));
}

#[tokio::test]
async fn what_cannot_heal_ends_the_deploy_and_says_what_helps() {
    for (trouble, helps) in [
        (Trouble::NoSecret, "secretsmanager:GetSecretValue"),
        (Trouble::OutOfMemory, "raise `memory`"),
        (Trouble::Exits(3), "ended with 3"),
    ] {
        let bench = Bench::new().await;
        bench.fake.world(|world| {
            world.troubles.insert(image(2), trouble);
            world.service("web").breaker = Breaker::Off;
        });
        let verdict = bench.deploy(2).await;
        let Verdict::Reverted { cause } = &verdict else { panic!("{verdict}") };
        assert!(cause.to_string().contains(helps), "{trouble:?}: {cause}");
        assert_eq!(bench.serves(), Some(image(1)));
    }
}

#[tokio::test]
async fn a_registry_that_is_busy_is_waited_for() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        world.troubles.insert(image(2), Trouble::PullThrottled);
        world.service("web").breaker = Breaker::Off;
    });
    let target = bench.target();
    bench.roll(&target, 2).await;
    let seen = bench
        .until(&target, "a reason", |seen| {
            seen.groups.iter().any(|group| !group.failing.is_empty())
        })
        .await;
    let failing = seen.groups.iter().flat_map(|group| &group.failing);
    assert!(failing.into_iter().all(|failing| !failing.hopeless));
    bench.fake.world(|world| world.troubles.clear());
    bench
        .until(&target, "its completion", |seen| {
            matches!(seen.delegation, pilotage_rollout::target::Delegation::Complete { .. })
        })
        .await;
    assert_eq!(bench.serves(), Some(image(2)));
}

#[tokio::test]
async fn a_service_that_somebody_else_deploys_is_refused_before_anything_is_written() {
    let bench = Bench::new().await;
    bench.fake.world(|world| {
        let controller = json!({ "type": "CODE_DEPLOY" });
        world.service("web").extra.insert("deploymentController".into(), controller);
    });
    let refused = format!("{:?}", bench.target().observe().await.expect_err("refused"));
    assert!(refused.contains("CODE_DEPLOY"), "{refused}");
    assert!(bench.writes().is_empty());
}
