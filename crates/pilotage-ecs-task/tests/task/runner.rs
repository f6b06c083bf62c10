//! Workers of migrations as tasks: the contract, and what is particular about them.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_artifact::Digest;
use pilotage_clock::Clock;
use pilotage_ecs_task::images::Images;
use pilotage_ecs_task::{Berth, EcsRunner};
use pilotage_lease::{OwnerId, Ticket};
use pilotage_migration::saga::runner::{Assignment, Life, Runner};
use pilotage_rollout::Fence;
use pilotage_testkit::contract::{RunnerBench, runner};
use pilotage_testkit::fake::ecs::{Fault, Job};
use serde_json::json;

use crate::bench::{Bench, name};

fn berth() -> Berth {
    Berth {
        service: name(),
        definition: None,
        images: Images::new(),
        container: "web".into(),
        worker: vec!["pilotage-migrate".into(), "worker".into()],
        rest: vec!["db".into()],
    }
}

fn assignment() -> Assignment {
    let owner = OwnerId::random().expect("randomness");
    let lease = "shop".parse().expect("a name");
    Assignment { lease, ticket: Ticket { owner, fence: Fence(7) }, set: Digest::of(b"set") }
}

fn worker() -> Job {
    let says = vec![(0, "web".to_owned(), "begun".to_owned())];
    Job { says, exits: [("web".to_owned(), Some(3))].into(), ..Job::default() }
}

fn id(attempt: OwnerId) -> String {
    format!("pilotage-migrate/{attempt}")
}

#[async_trait]
impl RunnerBench for Bench {
    fn process(&self) -> Arc<dyn Runner> {
        Arc::new(EcsRunner::new(self.tasks.clone(), berth()))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Bench::clock(self)
    }

    async fn started(&self, attempt: OwnerId) -> usize {
        let all = self.fake.world(|world| world.one_off());
        all.iter().filter(|(starter, _)| *starter == id(attempt)).count()
    }

    async fn end(&self, attempt: OwnerId) {
        self.fake.world(|world| world.finish(&id(attempt), "web", "the end"));
    }

    fn listens(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn the_contract_of_a_runner_holds() {
    for ignores_tokens in [false, true] {
        let bench = Bench::of(worker()).await;
        bench.fake.world(|world| world.ignores_tokens = ignores_tokens);
        runner(&bench).await;
    }
}

#[tokio::test]
async fn a_worker_is_told_its_ticket_and_its_set_in_its_container() {
    let bench = Bench::of(worker()).await;
    let assignment = assignment();
    bench.process().start(&assignment).await.expect("started");
    let asked = bench.fake.asked("RunTask").expect("asked");
    let (pass, set) = (assignment.ticket.to_string(), assignment.set.to_string());
    let command = json!(["pilotage-migrate", "worker", "--ticket", pass, "--set", set, "db"]);
    let overrides = json!([{ "name": "web", "command": command }]);
    assert_eq!(asked["overrides"]["containerOverrides"], overrides);
    assert_eq!(asked["startedBy"], json!(id(assignment.ticket.owner)));
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_starts_one_worker() {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Throttled] {
        let bench = Bench::of(worker()).await;
        bench.fake.fail("RunTask", fault);
        let assignment = assignment();
        bench.process().start(&assignment).await.expect("started");
        assert_eq!(bench.started(assignment.ticket.owner).await, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_worker_that_cannot_be_seen_has_not_ended() {
    let bench = Bench::of(worker()).await;
    let (runner, assignment) = (bench.process(), assignment());
    runner.start(&assignment).await.expect("started");
    for fault in [Fault::Denied, Fault::Expired] {
        bench.fake.fail("DescribeTasks", fault);
        let life = runner.look(assignment.ticket.owner).await;
        assert!(matches!(life, Life::Unseen { .. }), "{fault:?}: {life:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_started_says_why_and_what_helps() {
    let bench = Bench::of(worker()).await;
    bench.fake.world(|world| world.shortages = vec!["RESOURCE:MEMORY".into()]);
    let error = bench.process().start(&assignment()).await.expect_err("no room");
    assert!(error.to_string().contains("have no room"), "{error}");
    let wrong = Berth { container: "wbe".into(), ..berth() };
    let runner = EcsRunner::new(bench.tasks.clone(), wrong);
    let error = runner.start(&assignment()).await.expect_err("no such container");
    assert!(error.to_string().contains("it has web, log"), "{error}");
}
