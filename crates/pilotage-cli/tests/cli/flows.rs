//! Runs that are left, taken up, given up and taken back.

use pilotage_driver::role::{Clock, JournalStore};
use pilotage_rollout::{ExitCode, Span};

use crate::world::World;

fn serves(world: &World) -> Option<String> {
    world.target.wholly().map(|release| release.to_string())
}

/// A deploy whose process dies this long after it began.
async fn deploy_and_die(world: &World, after: Span) {
    let process = world.process();
    tokio::select! {
        left = process.run("deploy --release v2") => panic!("it was over: {left:?}"),
        () = world.clock.sleep(after) => {}
    }
    world.lease.expire();
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_process_died_is_found_and_resumed() {
    let world = World::new();
    deploy_and_die(&world, Span::from_secs(50)).await;
    let status = world.run("status").await;
    assert!(status.out.contains("unfinished  20260101-000000-"), "{}", status.out);
    assert!(
        status.out.contains("next        pilotage resume --env prod --run 2026"),
        "{}",
        status.out
    );
    assert_eq!(world.run("verify").await.code, ExitCode::Unknown);
    for line in ["rollback", "deploy --release v3"] {
        let left = world.run(line).await;
        assert_eq!(left.code, ExitCode::Refused, "{line}");
        assert!(
            left.err.contains("of `shop-prod` is unfinished\n  help: go on with it"),
            "{}",
            left.err
        );
    }
    let left = world.run("resume").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
    assert_eq!(serves(&world).as_deref(), Some("v2"));
    assert_eq!(world.run("verify").await.code, ExitCode::Success);
    assert_eq!(world.run("resume").await.code, ExitCode::Usage, "nothing is left to resume");
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_process_died_is_aborted() {
    let world = World::new();
    deploy_and_die(&world, Span::from_secs(50)).await;
    let left = world.run("abort --by ana").await;
    assert_eq!(left.code, ExitCode::Reverted, "{}", left.err);
    assert!(
        left.err.ends_with("reverted, the old release serves: given up by ana\n"),
        "{}",
        left.err
    );
    assert_eq!(serves(&world).as_deref(), Some("v1"));
    assert_eq!(world.run("verify").await.code, ExitCode::Success, "the old release is recorded");
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "a test plays the person who edits the plan")]
async fn a_plan_whose_limits_were_edited_so_that_it_can_only_fail_is_refused() {
    let world = World::new();
    world.run("plan --release v2 --out @plan.json").await;
    let path = world.path("plan.json");
    let text = std::fs::read_to_string(&path).expect("it was written");
    assert!(text.contains("\"tries\":5"), "{text}");
    std::fs::write(&path, text.replace("\"tries\":5", "\"tries\":0")).expect("written");
    let left = world.run("deploy --plan @plan.json").await;
    assert_eq!(left.code, ExitCode::Refused, "{}", left.err);
    assert!(left.err.contains("the limit `tries` is zero"), "{}", left.err);
}

#[tokio::test(start_paused = true)]
async fn rollback_finds_the_last_good_release_again_and_again() {
    let world = World::new();
    assert_eq!(world.run("rollback").await.code, ExitCode::Refused, "nothing was ever deployed");
    for release in ["v2", "v3"] {
        let left = world.run(&format!("deploy --release {release}")).await;
        assert_eq!(left.code, ExitCode::Success, "{}", left.err);
    }
    for expected in ["v2", "v1"] {
        let left = world.run("rollback").await;
        assert_eq!(left.code, ExitCode::Success, "{}", left.err);
        assert_eq!(serves(&world).as_deref(), Some(expected), "what was taken back stays back");
    }
    assert_eq!(world.run("rollback --to v9").await.code, ExitCode::Refused);
    let history = world.run("history").await;
    assert_eq!(history.out.lines().count(), 4, "{}", history.out);
    assert_eq!(history.out.matches("roll back to").count(), 2, "{}", history.out);
    assert_eq!(world.run("history --limit 1").await.out.lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn verify_notices_what_somebody_else_did() {
    let world = World::new();
    assert_eq!(world.run("verify").await.code, ExitCode::Refused, "nothing is recorded");
    world.run("deploy --release v2").await;
    assert_eq!(world.run("verify").await.code, ExitCode::Success);
    // The same record, and a target where somebody put the old release back.
    let other = World::new();
    for run in world.journals.runs().await.expect("they are in memory") {
        other.journals.put(&run, world.journals.bytes(&run));
    }
    let left = other.run("verify").await;
    assert_eq!(left.code, ExitCode::Refused);
    assert_eq!(left.out, "not verified: `v1` runs or serves as well; `v2` does not run\n");
}

#[tokio::test(start_paused = true)]
async fn exactly_the_printed_plan_is_applied() {
    let world = World::new();
    let left = world.run("plan --release v2 --out @plan.json").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
    let id = left.out.split([' ', ':']).nth(1).expect("it has an id").to_owned();
    let left = world.run("deploy --plan @plan.json --plan-id 0000000").await;
    assert_eq!(left.code, ExitCode::Refused, "{}", left.err);
    let other = world.run(&format!("deploy --plan @plan.json --plan-id {id}")).await;
    assert_eq!(other.code, ExitCode::Success, "{}", other.err);
    assert_eq!(serves(&world).as_deref(), Some("v2"));
    let stale = world.run("deploy --plan @plan.json").await;
    assert_eq!(stale.code, ExitCode::Refused, "the state that it was made from is gone");
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_expired_is_refused() {
    let world = World::new();
    world.run("plan --release v2 --out @plan.json").await;
    world.clock.sleep(Span::from_mins(31)).await;
    let left = world.run("deploy --plan @plan.json").await;
    assert_eq!(left.code, ExitCode::Refused, "{}", left.err);
    assert!(left.err.ends_with("next: pilotage plan --env prod\n"), "{}", left.err);
}

#[tokio::test(start_paused = true)]
async fn a_plan_of_another_target_and_no_plan_at_all_are_usage_errors() {
    let world = World::new();
    world.run("plan --release v2 --out @plan.json").await;
    world.configure(crate::world::SOUND.replace("shop", "mart").as_bytes());
    let left = world.run("deploy --plan @plan.json").await;
    assert_eq!(left.code, ExitCode::Usage);
    assert!(left.err.starts_with("error: the plan is for `shop-prod`"), "{}", left.err);
    assert_eq!(world.run("deploy --plan @pilotage.toml").await.code, ExitCode::Usage);
    assert_eq!(world.run("deploy --plan @nowhere").await.code, ExitCode::Usage);
}

#[tokio::test(start_paused = true)]
async fn a_report_tells_the_story_of_a_run() {
    let world = World::new();
    assert_eq!(world.run("report").await.code, ExitCode::Usage, "there is no run");
    world.run("deploy --release v2").await;
    let left = world.run("report").await;
    assert_eq!(left.code, ExitCode::Success);
    assert!(left.out.contains("deployed: exactly `v2` serves"), "{}", left.out);
    assert!(left.out.contains("order: "), "{}", left.out);
    let left = world.run("report --out @report.txt").await;
    assert_eq!((left.out.as_str(), left.err.as_str()), ("", "the report is in report.txt\n"));
    assert_eq!(world.run("report --run nothing").await.code, ExitCode::Usage);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_died_before_it_did_anything_can_be_left_behind() {
    let world = World::new();
    deploy_and_die(&world, Span::from_millis(1)).await;
    assert_eq!(world.run("deploy --release v3").await.code, ExitCode::Refused);
    let left = world.run("deploy --release v3 --supersede").await;
    assert_eq!(left.code, ExitCode::Success, "{}", left.err);
    assert_eq!(serves(&world).as_deref(), Some("v3"));
    assert_eq!(world.run("resume").await.code, ExitCode::Usage, "a later run decided what serves");
}
