//! Every verdict ends in its own exit code, with the next command to run.

use pilotage_rollout::target::ReadFailure;
use pilotage_rollout::{ExitCode, Span};
use pilotage_testkit::fake::ApplyFault;

use crate::world::{SOUND, World};

fn gated(gate: &str) -> World {
    let checks = "[env.prod.checks]\nbad.http = { path = \"/\" }\n";
    World::configured(&format!("{}\n{checks}", SOUND.replace(r#"{ soak = "1m" }"#, gate)))
}

#[tokio::test(start_paused = true)]
async fn deployed_and_then_unchanged_is_success() {
    let world = World::new();
    let left = world.run("deploy --release v2").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
    assert!(left.err.ends_with("deployed: exactly `v2` serves\n"), "{}", left.err);
    assert_eq!(left.out, "", "there is no data");
    let left = world.run("deploy --release v2").await;
    assert_eq!(left.code, ExitCode::Success);
    assert_eq!(left.err, "unchanged: `v2` served already\n");
}

#[tokio::test(start_paused = true)]
async fn a_failed_gate_is_reverted() {
    let world = gated(r#"{ smoke = { check = "bad", via = "production" } }"#);
    let left = world.run("deploy --release v2").await;
    assert_eq!(left.code, ExitCode::Reverted, "{}", left.err);
    assert!(left.err.contains("reverted, the old release serves: smoke check `bad` failed"));
    assert_eq!(world.target.wholly().map(|id| id.to_string()).as_deref(), Some("v1"));
}

#[tokio::test(start_paused = true)]
async fn a_gate_for_a_person_pauses_and_resume_approves() {
    let world = gated(r#"{ manual = "ship it?" }"#);
    let left = world.run("deploy --release v2").await;
    assert_eq!(left.code, ExitCode::Paused, "{}", left.err);
    assert!(
        left.err.contains("next: pilotage resume --env prod --run 20260101-000000-"),
        "{}",
        left.err
    );
    assert_eq!(world.run("resume").await.code, ExitCode::Paused, "nobody has decided");
    let left = world.run("resume --approve").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
}

#[tokio::test(start_paused = true)]
async fn of_two_runs_at_once_one_is_busy_and_says_who_is_at_it() {
    let world = World::new();
    let (first, second) = (world.process(), world.process());
    let (first, second) =
        tokio::join!(first.run("deploy --release v2"), second.run("deploy --release v3"));
    assert_eq!(first.code, ExitCode::Success, "{}", first.err);
    assert_eq!(second.code, ExitCode::Busy, "{}", second.err);
    assert!(
        second.err.contains("https://ci.example/jobs/1, run `20260101-000000-"),
        "{}",
        second.err
    );
    assert!(second.err.ends_with("next: pilotage status --env prod\n"), "{}", second.err);
}

#[tokio::test(start_paused = true)]
async fn one_that_was_overtaken_before_it_had_a_plan_is_busy_and_not_refused() {
    let world = World::new();
    // The first begins after the second has looked, and is in its soak when that makes its plan.
    let (first, second) = (world.process(), world.slow_process(Span::from_secs(61)));
    let first = async {
        pilotage_driver::role::Clock::sleep(&*world.clock, Span::from_secs(1)).await;
        first.run("deploy --release v2").await
    };
    let (first, second) = tokio::join!(first, second.run("deploy --release v3"));
    assert_eq!(first.code, ExitCode::Success, "{}", first.err);
    assert_eq!(second.code, ExitCode::Busy, "{}", second.err);
    assert!(second.err.contains("https://ci.example/jobs/1, run `20260101-"), "{}", second.err);
    assert!(second.err.contains("`, for 1m"), "{}", second.err);
}

#[tokio::test(start_paused = true)]
async fn status_says_who_is_at_work_since_when_and_on_what() {
    let world = World::new();
    let (first, status) = (world.process(), world.process());
    let later = async {
        pilotage_driver::role::Clock::sleep(&*world.clock, Span::from_secs(65)).await;
        let shown = status.run("status").await.out;
        (shown, world.run("status --json").await.out)
    };
    let (first, (shown, json)) = tokio::join!(first.run("deploy --release v2"), later);
    assert_eq!(first.code, ExitCode::Success, "{}", first.err);
    let owner = shown.lines().find(|line| line.starts_with("owner")).expect("a line");
    assert!(owner.contains("https://ci.example/jobs/1, run `20260101-000000-"), "{owner}");
    assert!(owner.ends_with("for 1m5s (since 2026-01-01 00:00:00)"), "{owner}");
    assert!(!shown.contains("\nnext"), "whoever is at work goes on: {shown}");
    let json: serde_json::Value = serde_json::from_str(&json).expect("an object");
    assert_eq!(json["owner"]["since"], 1_767_225_600_000_u64, "{json}");
    let shown = world.run("status").await.out;
    assert!(shown.contains("owner       nobody"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_guard_refuses_what_is_older_unless_it_is_allowed() {
    let world = World::new();
    let left = world.run("deploy --release v0").await;
    assert_eq!(left.code, ExitCode::Refused);
    assert!(
        left.err.contains("because: `v0` (sequence 0) is older than the live `v1`"),
        "{}",
        left.err
    );
    let left = world.run("deploy --release v0 --allow-downgrade").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_cannot_be_read_is_unknown() {
    let world = World::new();
    let failure = ReadFailure::Unavailable { reason: "timed out".into(), retry_after: None };
    world.target.fail_reads(1, &failure);
    let left = world.run("deploy --release v2").await;
    assert_eq!(left.code, ExitCode::Unknown);
    assert_eq!(
        left.err,
        "error: `shop-prod` cannot be read: timed out\n  help: try again; nothing was changed\n"
    );
    world.target.fail_reads(1, &failure);
    let left = world.run("status").await;
    assert_eq!(left.code, ExitCode::Unknown);
    assert!(left.out.contains("live        `shop-prod` cannot be read: timed out"), "{}", left.out);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_reads_nothing_for_long_ends_unknown_and_can_be_resumed() {
    let world = World::new();
    let process = world.process();
    let failure = ReadFailure::Unavailable { reason: "timed out".into(), retry_after: None };
    let outage = async {
        pilotage_driver::role::Clock::sleep(&*world.clock, Span::from_secs(40)).await;
        world.target.fail_reads(100_000, &failure);
    };
    let (left, ()) = tokio::join!(process.run("deploy --release v2"), outage);
    assert_eq!(left.code, ExitCode::Unknown, "{}", left.err);
    assert!(left.err.contains("next: pilotage resume --env prod --run "), "{}", left.err);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_taken_back_is_not_reverted() {
    let world = gated(r#"{ manual = "ship it?" }"#);
    assert_eq!(world.run("deploy --release v2").await.code, ExitCode::Paused);
    // The next claim goes well, and nothing after it.
    world.target.fault_after(1, ApplyFault::Throttled);
    for _ in 0..1_000 {
        world.target.fault_after(0, ApplyFault::Throttled);
    }
    let left = world.run("abort").await;
    assert_eq!(left.code, ExitCode::NotReverted, "{}", left.err);
    assert!(left.err.contains("next: pilotage abort --env prod --run 20260101-"), "{}", left.err);
}
