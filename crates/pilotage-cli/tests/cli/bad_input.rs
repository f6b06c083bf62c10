//! Wrong configurations: each says where, what and what helps, and nothing is done.

use insta::assert_snapshot;
use pilotage_rollout::ExitCode;

use crate::world::{SOUND, World};

/// What is said about this configuration.
async fn said(config: &str) -> String {
    let world = World::configured(config);
    let left = world.run("deploy --release v2").await;
    assert_eq!((left.code, left.out.as_str()), (ExitCode::Usage, ""), "{}", left.err);
    assert!(world.target.world(|world| world.applied.is_empty()), "something was done");
    left.err
}

/// The sound configuration with one thing replaced.
async fn with(old: &str, new: &str) -> String {
    assert!(SOUND.contains(old), "`{old}` is not there");
    said(&SOUND.replace(old, new)).await
}

#[tokio::test(start_paused = true)]
async fn an_empty_file() {
    assert_snapshot!(said("").await, @"");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_toml() {
    assert_snapshot!(said("service = \"shop\"\n[env.prod\n").await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_key_with_a_typo() {
    assert_snapshot!(with("strategy.canary", "stratgy.canary").await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_strategy_that_is_not_known() {
    assert_snapshot!(with("strategy.canary", "strategy.canarry").await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_type() {
    assert_snapshot!(with("\"25%\"", "25").await, @"");
    assert_snapshot!(with("\"1m\"", "\"1 minute\"").await, @"");
    assert_snapshot!(with("[env.prod]", "[env.prod]\nsize = \"four\"").await, @"");
    assert_snapshot!(with("[env.prod]", "[env.prod]\nsize = 70000").await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_missing_key() {
    assert_snapshot!(with("service = \"shop\"", "").await, @"");
    assert_snapshot!(with("kind = \"fake\"", "").await, @"");
}

#[tokio::test(start_paused = true)]
async fn strategies_that_contradict_themselves() {
    let steps = r#"{ steps = [{ traffic = "50%" }, { traffic = "25%" }] }"#;
    let backwards =
        SOUND.replace(r#"{ steps = [{ traffic = "25%", gates = [{ soak = "1m" }] }] }"#, steps);
    assert_snapshot!(said(&backwards).await, @"");
    let judged = SOUND.replace(r#"{ soak = "1m" }"#, r#"{ judge = "5m" }"#);
    assert_snapshot!(said(&judged).await, @"");
    let health = format!("{SOUND}\n[env.prod.health]\ngood = 4\nof = 3\n");
    assert_snapshot!(said(&health).await, @"");
    let rules = "rules = [{ metric = \"errors\" }, { metric = \"errors\" }]";
    assert_snapshot!(said(&format!("{SOUND}\n[env.prod.judge]\n{rules}\n")).await, @"");
    let limits = format!("{SOUND}\n[env.prod.limits]\nprove = \"0s\"\n");
    assert_snapshot!(said(&limits).await, @"");
}

#[tokio::test(start_paused = true)]
async fn what_the_target_itself_reads() {
    assert_snapshot!(with("kind = \"fake\"", "kind = \"fake\"\nprot = 80").await, @"");
    assert_snapshot!(with("kind = \"fake\"", "kind = \"fake\"\nport = 80000").await, @"");
    assert_snapshot!(with("kind = \"fake\"", "kind = \"ecs\"").await, @"");
}

#[tokio::test(start_paused = true)]
async fn names_that_cannot_be_used() {
    assert_snapshot!(with("\"shop\"", "\"My Shop\"").await, @"");
}

#[tokio::test(start_paused = true)]
async fn files_that_cannot_be_used() {
    assert_snapshot!(said(&"#".repeat((1 << 20) + 1)).await, @"");
    let world = World::new();
    world.configure(b"service = \"sh\xffop\"");
    assert_snapshot!(world.run("status").await.err, @"");
    let left = World::new().run("status --env prdo").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert_snapshot!(left.err, @"");
}

#[tokio::test(start_paused = true)]
async fn a_missing_file_and_a_missing_choice() {
    let world = World::new();
    #[expect(clippy::disallowed_methods, reason = "a test plays the person who lost the file")]
    std::fs::remove_file(world.path("pilotage.toml")).expect("it is there");
    let left = world.run("status").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert_snapshot!(left.err, @"");
    let two = SOUND.replace(
        "service = \"shop\"",
        "service = \"shop\"\n[env.dev]\nstrategy.rolling.batches = 2\ntarget.kind = \"fake\"",
    );
    assert_snapshot!(said(&two).await, @"");
}
