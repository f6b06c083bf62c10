//! False successes that users of other tools have reported, played again beside the rule that made them.

use pilotage_aws::ecs::Task;
use pilotage_ecs_task::Ending;
use pilotage_testkit::fake::ecs::{Job, Trouble};

use crate::bench::Bench;

/// What is absent counts as zero: aws/copilot-cli, digdag#1724, kayac/ecspresso#534.
fn absent_is_zero(task: &Task) -> bool {
    task.containers.iter().all(|container| container.exit_code.unwrap_or(0) == 0)
}

/// The code of whichever container is listed first: kayac/ecspresso#105, silinternational#222.
fn first_listed(task: &Task) -> bool {
    task.containers.first().is_some_and(|container| container.exit_code == Some(0))
}

async fn last_seen(bench: &Bench) -> Task {
    let arns = bench.ecs.started_by("shop", "run-1").await.expect("listed");
    bench.ecs.tasks("shop", &arns).await.expect("described").remove(0)
}

#[tokio::test]
async fn an_image_that_could_not_be_pulled() {
    let bench = Bench::of(Job { trouble: Some(Trouble::NoImage), ..Job::default() }).await;
    let ended = bench.ended().await;
    assert!(absent_is_zero(&last_seen(&bench).await));
    assert_eq!(ended.ending, Ending::NoCode);
}

#[tokio::test]
async fn a_job_that_failed_beside_a_sidecar_that_did_not() {
    let exits = [("web".to_owned(), Some(1)), ("log".to_owned(), Some(0))].into();
    let bench = Bench::of(Job { runs_for: Some(1_000), exits, ..Job::default() }).await;
    let ended = bench.ended().await;
    assert!(first_listed(&last_seen(&bench).await));
    assert_eq!(ended.ending, Ending::Failed { code: 1 });
}

#[tokio::test]
async fn a_job_that_somebody_stopped_and_that_ended_tidily() {
    let bench = Bench::of(Job { stopped_with: Some(0), ..Job::default() }).await;
    let order = bench.order("run-1").await;
    let started = bench.tasks.start(&order).await.expect("started");
    bench.fake.world(|world| world.advance(10_000));
    bench.ecs.stop("shop", &started.arn, "by hand").await.expect("stopped");
    let ended = bench.ended().await;
    let task = last_seen(&bench).await;
    assert!(absent_is_zero(&task) && first_listed(&task));
    assert_eq!(ended.ending, Ending::Stopped);
    assert!(ended.words.contains("by hand"), "{}", ended.words);
}
