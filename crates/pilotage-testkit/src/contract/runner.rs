//! What a runner of workers promises.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_lease::{LeaseName, OwnerId, Ticket};
use pilotage_migration::saga::runner::{Assignment, Heard, Life, Runner};
use pilotage_rollout::{Fence, Span};

/// How often it is looked until something must be so.
const LOOKS: u32 = 1_200;

/// A runner, and a way to look at its workers behind its back.
#[async_trait]
pub trait RunnerBench: Send + Sync {
    /// The runner of a process that begins now.
    fn process(&self) -> Arc<dyn Runner>;

    /// The clock that it waits by.
    fn clock(&self) -> Arc<dyn Clock>;

    /// How many workers were ever started for this attempt.
    async fn started(&self, attempt: OwnerId) -> usize;

    /// Lets the worker of this attempt say `the end` and end with 3; until then workers go on.
    async fn end(&self, attempt: OwnerId);

    /// Whether it listens to its workers.
    fn listens(&self) -> bool;
}

/// Checks a runner.
pub async fn runner(bench: &dyn RunnerBench) {
    assert!(!bench.process().place().is_empty(), "a runner says where it is");
    a_worker_that_nobody_started_is_not_seen(bench).await;
    one_worker_is_started_for_a_ticket(bench).await;
    a_worker_ends_with_its_code_and_its_words(bench).await;
    a_worker_that_is_stopped_has_ended(bench).await;
}

fn assignment() -> Assignment {
    let owner = OwnerId::random().expect("randomness");
    let lease: LeaseName = "contract".parse().expect("a name");
    Assignment { lease, ticket: Ticket { owner, fence: Fence(1) }, set: Digest::of(b"set") }
}

async fn a_worker_that_nobody_started_is_not_seen(bench: &dyn RunnerBench) {
    let (runner, nobody) = (bench.process(), assignment().ticket.owner);
    let life = runner.look(nobody).await;
    assert!(matches!(life, Life::Unseen { .. }), "it is not ended: {life:?}");
    let words = runner.words(nobody, Heard::default()).await;
    assert!(words.lines.is_empty(), "{words:?}");
}

async fn one_worker_is_started_for_a_ticket(bench: &dyn RunnerBench) {
    let (first, later, assignment) = (bench.process(), bench.process(), assignment());
    let attempt = assignment.ticket.owner;
    first.start(&assignment).await.expect("it can be started");
    first.start(&assignment).await.expect("again");
    later.start(&assignment).await.expect("by another process");
    assert_eq!(bench.started(attempt).await, 1, "a ticket is good for one worker");
    for runner in [&first, &later, &bench.process()] {
        let life = runner.look(attempt).await;
        assert!(!matches!(life, Life::Ended { .. }), "nothing has ended it: {life:?}");
    }
    drop(first);
    until(bench, &*later, attempt, |life| *life == Life::Running).await;
    later.stop(attempt).await;
}

async fn a_worker_ends_with_its_code_and_its_words(bench: &dyn RunnerBench) {
    let (runner, assignment) = (bench.process(), assignment());
    let attempt = assignment.ticket.owner;
    runner.start(&assignment).await.expect("it can be started");
    until(bench, &*runner, attempt, |life| *life == Life::Running).await;
    bench.end(attempt).await;
    for runner in [&runner, &bench.process()] {
        let ended = until(bench, &**runner, attempt, |it| matches!(it, Life::Ended { .. })).await;
        assert!(matches!(ended, Life::Ended { code: Some(3), .. }), "{ended:?}");
    }
    if bench.listens() {
        words_are_heard_once(bench, attempt).await;
    }
}

async fn words_are_heard_once(bench: &dyn RunnerBench, attempt: OwnerId) {
    let (runner, mut heard, mut lines) = (bench.process(), Heard::default(), Vec::new());
    let is_whole = |lines: &[String]| lines.iter().any(|line| line.contains("the end"));
    for _ in 0..LOOKS {
        if is_whole(&lines) {
            break;
        }
        runner.look(attempt).await;
        let words = runner.words(attempt, heard).await;
        heard = words.heard;
        lines.extend(words.lines);
        bench.clock().sleep(Span::from_millis(100)).await;
    }
    assert!(is_whole(&lines), "its last words are heard: {lines:?}");
    let more = runner.words(attempt, heard).await;
    assert!(more.lines.is_empty() && more.heard == heard, "nothing is heard twice: {more:?}");
    let anew = bench.process().words(attempt, Heard::default()).await;
    assert_eq!(anew.lines, lines, "whoever comes later hears the same");
}

async fn a_worker_that_is_stopped_has_ended(bench: &dyn RunnerBench) {
    let (runner, assignment) = (bench.process(), assignment());
    let attempt = assignment.ticket.owner;
    runner.start(&assignment).await.expect("it can be started");
    until(bench, &*runner, attempt, |life| *life == Life::Running).await;
    let life = runner.stop(attempt).await;
    assert!(matches!(life, Life::Ended { .. }), "{life:?}");
    let life = bench.process().look(attempt).await;
    assert!(matches!(life, Life::Ended { .. }), "{life:?}");
}

async fn until(
    bench: &dyn RunnerBench,
    runner: &dyn Runner,
    attempt: OwnerId,
    is_so: impl Fn(&Life) -> bool,
) -> Life {
    let mut life = runner.look(attempt).await;
    for _ in 0..LOOKS {
        if is_so(&life) {
            return life;
        }
        bench.clock().sleep(Span::from_millis(100)).await;
        life = runner.look(attempt).await;
    }
    panic!("it has not become so after {LOOKS} looks: {life:?}");
}
