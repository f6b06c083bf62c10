//! Workers as one-off tasks: real containers, in which this very program takes over the lease.

use std::path::Path;

use pilotage_lease::OwnerId;
use pilotage_testkit::bed::{Bed, Service};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::place::{Left, Place};

const ACCOUNT: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "eu-central-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// Work of some seconds, for a shell that has nothing beside it.
const LONG: &str = "i=0; while [ $i -lt 4000000 ]; do i=$((i+1)); done; echo whole";

/// A folder with a configuration whose workers are tasks.
struct Yard {
    bed: Bed,
    cluster: String,
    place: Place,
}

impl Yard {
    async fn new(script: &str) -> Option<Self> {
        let bed = Bed::require()?;
        let cluster = format!("migrate-{}", OwnerId::random().expect("random numbers"));
        let yard = Self { bed, cluster, place: Place::new() };
        yard.make_service().await;
        let (name, address) = (&yard.cluster, &yard.bed.address);
        let script = json!(["/bin/sh", "-c", script]);
        let text = format!(
            "service = \"shop\"\n[env.prod.migration]\ncommand = {script}\n\
             lease.dynamodb = {{ table = \"{name}\", endpoint = \"{address}\" }}\n\
             runner.ecs = {{ service = \"{name}/job\", container = \"job\", program = [], \
             folder = \"/\", endpoint = \"{address}\" }}\n"
        );
        yard.place.write("pilotage.toml", &text);
        yard.run(&["lock", "create", "--env", "prod"]).expect(0, &["is made"]);
        Some(yard)
    }

    /// A service of no tasks, whose container is this program.
    async fn make_service(&self) {
        let name = &self.cluster;
        let ask = async |action: &str, body: Value| {
            let answer = self.bed.ask(Service::Ecs, action, &body).await;
            assert!(answer.get("__type").is_none(), "{action}: {answer}");
        };
        ask("CreateCluster", json!({ "clusterName": name })).await;
        let pair = |(key, value): &(&str, &str)| json!({ "name": key, "value": value });
        let environment: Value = ACCOUNT.iter().map(pair).collect();
        let container = json!({
            "name": "job", "memory": 128, "essential": true, "environment": environment,
            "image": self.bed.image_of(Path::new(env!("CARGO_BIN_EXE_pilotage-migrate"))),
            "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": name, "awslogs-region": "eu-central-1",
                "awslogs-stream-prefix": "job", "awslogs-create-group": "true" } },
        });
        let definition = json!({ "family": name, "networkMode": "host",
            "containerDefinitions": [container] });
        ask("RegisterTaskDefinition", definition).await;
        let service = json!({ "cluster": name, "serviceName": "job", "taskDefinition": name,
            "desiredCount": 0, "launchType": "EC2" });
        ask("CreateService", service).await;
    }

    fn run(&self, args: &[&str]) -> Left {
        let mut command = self.place.command(args);
        command.envs(ACCOUNT);
        Left::of(command.output().expect("it runs"))
    }

    /// How many tasks there were.
    async fn tasks(&self) -> usize {
        let mut count = 0;
        for status in ["RUNNING", "STOPPED"] {
            let asked = json!({ "cluster": self.cluster, "desiredStatus": status });
            let listed = self.bed.ask(Service::Ecs, "ListTasks", &asked).await;
            count += listed["taskArns"].as_array().map_or(0, Vec::len);
        }
        count
    }
}

#[tokio::test]
async fn a_worker_in_a_container_takes_over_and_its_word_is_the_verdict() {
    let Some(yard) = Yard::new("echo of the container; test -n \"$PILOTAGE_FENCE\"").await else {
        return;
    };
    let left = yard.run(&["run", "--env", "prod"]);
    left.expect(0, &["a worker was started", "of the container", "applied"]);
    assert_eq!(yard.tasks().await, 1);
    let left = yard.run(&["lock", "show", "--env", "prod"]);
    left.expect(0, &["free; last: applied"]);
}

#[tokio::test]
async fn a_migration_that_fails_in_its_container_fails_the_job_in_its_own_words() {
    let Some(yard) = Yard::new("echo no such column; exit 3").await else { return };
    let left = yard.run(&["run", "--env", "prod"]);
    left.expect(1, &["failed", "no such column", "code 3"]);
}

#[tokio::test]
async fn a_job_that_is_killed_leaves_its_worker_and_the_next_one_attaches() {
    let Some(yard) = Yard::new(LONG).await else { return };
    let mut command = yard.place.command(&["run", "--env", "prod"]);
    command.envs(ACCOUNT);
    let mut first = yard.place.start_command("said", command);
    yard.place.wait_for("said", "the worker has taken over");
    first.signal(Signal::KILL);
    first.ended();
    let left = yard.run(&["run", "--env", "prod"]);
    left.expect(0, &["these migrations are under way", "applied"]);
    assert_eq!(yard.tasks().await, 1, "nothing was started twice");
}

#[tokio::test]
async fn an_image_that_is_nowhere_is_told_before_anybody_has_taken_over() {
    let Some(mut yard) = Yard::new("true").await else { return };
    let name = yard.cluster.clone();
    let container = json!({ "name": "job", "image": "localhost:1/no-such-image:v1", "memory": 64 });
    let definition = json!({ "family": format!("{name}-wrong"), "networkMode": "host",
        "containerDefinitions": [container] });
    yard.bed.ask(Service::Ecs, "RegisterTaskDefinition", &definition).await;
    let text = yard.place.read("pilotage.toml");
    let wrong =
        text.replace("container = ", &format!("definition = \"{name}-wrong\", container = "));
    yard.place = Place::new();
    yard.place.write("pilotage.toml", &wrong);
    let left = yard.run(&["run", "--env", "prod"]);
    left.expect(1, &["ended without an exit code before it took over", "no-such-image"]);
    yard.run(&["lock", "show", "--env", "prod"]).expect(0, &["free"]);
}
