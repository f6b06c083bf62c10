//! What a task is made from.

use std::collections::BTreeMap;

use pilotage_ecs_task::images::Images;
use pilotage_ecs_task::{ContainerOverride, Order, Overrides};
use serde_json::json;

use crate::bench::{Bench, image};

#[tokio::test]
async fn network_capacity_and_platform_are_those_of_the_service() {
    let bench = Bench::new().await;
    bench.ended().await;
    let asked = bench.fake.asked("RunTask").expect("asked");
    assert_eq!(asked["networkConfiguration"]["awsvpcConfiguration"]["subnets"][0], "subnet-1");
    assert_eq!(asked["launchType"], "FARGATE");
    assert_eq!(asked["platformVersion"], "1.4.0");
    assert_eq!(asked["startedBy"], "run-1");
    assert_eq!(asked["clientToken"].as_str().map(str::len), Some(64));
    assert!(asked["taskDefinition"].as_str().is_some_and(|arn| arn.ends_with("/web:1")));
    assert!(asked.get("propagateTags").is_none(), "which ECS refuses for a service");
}

#[tokio::test]
async fn overrides_are_of_containers_that_are_there() {
    let bench = Bench::new().await;
    let (run, recipe) = ("run-1".parse().expect("a name"), bench.recipe().await);
    let command = Some(vec!["migrate".to_owned()]);
    let other = |name: &str| {
        let one = ContainerOverride { command: command.clone(), ..ContainerOverride::default() };
        let containers = BTreeMap::from([(name.to_owned(), one)]);
        Overrides { containers, ..Overrides::default() }
    };
    let error = Order::new(&run, &recipe, &other("wbe"), None).expect_err("there is none");
    assert!(error.to_string().contains("it has web, log"), "{error}");
    let error = Order::new(&run, &recipe, &Overrides::default(), Some("x")).expect_err("none");
    assert!(error.to_string().contains("no container `x`"), "{error}");
    let order = Order::new(&run, &recipe, &other("web"), None).expect("an order");
    bench.tasks.start(&order).await.expect("started");
    let asked = bench.fake.asked("RunTask").expect("asked");
    let sent = json!([{ "name": "web", "command": ["migrate"] }]);
    assert_eq!(asked["overrides"]["containerOverrides"], sent);
}

#[tokio::test]
async fn what_ecs_would_refuse_for_its_length_is_refused_at_once() {
    let bench = Bench::new().await;
    let (run, recipe) = ("run-1".parse().expect("a name"), bench.recipe().await);
    let environment = BTreeMap::from([("A".to_owned(), "x".repeat(9_000))]);
    let one = ContainerOverride { environment, ..ContainerOverride::default() };
    let containers = BTreeMap::from([("web".to_owned(), one)]);
    let overrides = Overrides { containers, ..Overrides::default() };
    let error = Order::new(&run, &recipe, &overrides, None).expect_err("too long");
    assert!(error.to_string().contains("8192"), "{error}");
}

#[tokio::test]
async fn another_image_is_a_revision_that_is_registered_once_and_whole() {
    let bench = Bench::new().await;
    let images = Images::from([("web".to_owned(), image("next").parse().expect("an image"))]);
    let mut arns = Vec::new();
    for _ in 0..2 {
        let recipe = bench.recipe().await.with_images(&bench.ecs, &images).await;
        arns.push(recipe.expect("registered").definition().to_owned());
    }
    assert_eq!(arns[0], arns[1]);
    assert_eq!(bench.fake.called("RegisterTaskDefinition"), 1);
    let sent = bench.fake.asked("RegisterTaskDefinition").expect("asked");
    assert_eq!(sent["containerDefinitions"][0]["image"], json!(image("next")));
    assert_eq!(sent["invented2031"], json!({ "kept": true }));
    let same = Images::from([("web".to_owned(), image("web").parse().expect("an image"))]);
    let recipe = bench.recipe().await.with_images(&bench.ecs, &same).await.expect("the same");
    assert!(recipe.definition().ends_with("/web:1"));
}
