//! The test bed for ECS does what tests of it rely on: real containers, real exit codes, their words
//! in the logs, and services that come to rest.

#![expect(clippy::expect_used, reason = "the helpers of tests fail tests")]

use pilotage_testkit::bed::{Bed, Service};
use serde_json::{Value, json};

/// A name that no other test uses, nor an earlier run against the same emulator.
fn unique(name: &str) -> String {
    let folder = tempfile::Builder::new().rand_bytes(12).tempdir().expect("a folder");
    let random = folder.path().file_name().expect("it has one").to_string_lossy();
    format!("{name}{}", random.replace('.', "-"))
}

/// A cluster with a task definition of one container that runs the demo service like this.
async fn cluster(bed: &Bed, options: &[&str]) -> (String, String) {
    let name = unique("bed");
    bed.ask(Service::Ecs, "CreateCluster", &json!({"clusterName": name})).await;
    let options: Vec<&str> =
        ["--port", "8080", "--release", "v1"].into_iter().chain(options.iter().copied()).collect();
    let log = json!({"logDriver": "awslogs", "options": {
        "awslogs-group": name, "awslogs-region": "eu-central-1",
        "awslogs-stream-prefix": "bed", "awslogs-create-group": "true",
    }});
    let container = json!({
        "name": "web", "image": bed.image, "memory": 64, "essential": true, "command": options,
        "logConfiguration": log,
    });
    let definition = json!({"family": name, "containerDefinitions": [container]});
    bed.ask(Service::Ecs, "RegisterTaskDefinition", &definition).await;
    (name.clone(), name)
}

/// A task that has stopped.
async fn ended(bed: &Bed, cluster: &str, family: &str) -> Value {
    let run = json!({"cluster": cluster, "taskDefinition": family, "launchType": "EC2"});
    let started = bed.ask(Service::Ecs, "RunTask", &run).await;
    let arn = started["tasks"][0]["taskArn"].clone();
    assert!(arn.is_string(), "{started}");
    let look = json!({"cluster": cluster, "tasks": [arn]});
    let described = bed
        .until((Service::Ecs, "DescribeTasks"), &look, |answer| {
            answer["tasks"][0]["lastStatus"] == "STOPPED"
        })
        .await;
    described["tasks"][0].clone()
}

#[tokio::test]
async fn tasks_end_with_the_codes_of_their_containers() {
    let Some(bed) = Bed::require() else { return };
    for code in [0, 3] {
        let (cluster, family) =
            cluster(&bed, &["--exit-at-once", "--exit-code", &code.to_string()]).await;
        let task = ended(&bed, &cluster, &family).await;
        assert_eq!(task["containers"][0]["exitCode"], code, "{task}");
        assert_eq!(task["stopCode"], "EssentialContainerExited", "{task}");
    }
}

#[tokio::test]
async fn a_task_that_ends_by_a_signal_says_so() {
    let Some(bed) = Bed::require() else { return };
    let (cluster, family) = cluster(&bed, &["--crash"]).await;
    let task = ended(&bed, &cluster, &family).await;
    let code = task["containers"][0]["exitCode"].as_i64().expect("a code");
    assert!(code > 128, "{task}");
}

#[tokio::test]
async fn what_a_container_says_arrives_in_its_log() {
    let Some(bed) = Bed::require() else { return };
    let (cluster, family) = cluster(&bed, &["--exit-at-once"]).await;
    let task = ended(&bed, &cluster, &family).await;
    let id = task["taskArn"].as_str().and_then(|arn| arn.rsplit('/').next()).expect("an ARN");
    let stream = format!("bed/web/{id}");
    let look = json!({"logGroupName": cluster, "logStreamName": stream, "startFromHead": true});
    let says = |answer: &Value| answer.to_string().contains("told to exit at once");
    bed.until((Service::Logs, "GetLogEvents"), &look, says).await;
}

#[tokio::test]
async fn a_service_of_two_tasks_comes_to_rest() {
    let Some(bed) = Bed::require() else { return };
    let (cluster, family) = cluster(&bed, &["--address", "0.0.0.0"]).await;
    let service = json!({
        "cluster": cluster, "serviceName": "web", "taskDefinition": family, "desiredCount": 2,
        "launchType": "EC2",
    });
    bed.ask(Service::Ecs, "CreateService", &service).await;
    let look = json!({"cluster": cluster, "services": ["web"]});
    bed.until((Service::Ecs, "DescribeServices"), &look, |answer| {
        let service = &answer["services"][0];
        service["runningCount"] == 2 && service["deployments"][0]["rolloutState"] == "COMPLETED"
    })
    .await;
    let delete = json!({"cluster": cluster, "service": "web", "force": true});
    bed.ask(Service::Ecs, "DeleteService", &delete).await;
}

#[tokio::test]
async fn an_image_that_is_nowhere_does_not_start() {
    let Some(mut bed) = Bed::require() else { return };
    bed.image = "localhost:1/no-such-image:v1".into();
    let (cluster, family) = cluster(&bed, &[]).await;
    let task = ended(&bed, &cluster, &family).await;
    assert_eq!(task["stopCode"], "TaskFailedToStart", "{task}");
    assert!(task["containers"][0].get("exitCode").is_none_or(Value::is_null), "{task}");
}
