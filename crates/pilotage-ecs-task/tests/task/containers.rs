//! Tasks that are real containers, on the emulator.

use std::future::pending;
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_aws::ecs::Ecs;
use pilotage_aws::logs::Logs;
use pilotage_aws::{Session, Settings};
use pilotage_clock::{Clock, SystemClock};
use pilotage_ecs_task::images::Images;
use pilotage_ecs_task::{
    Berth, EcsRunner, Ended, Ending, Limits, Order, Outcome, Overrides, Recipe, Tasks, Why,
};
use pilotage_lease::OwnerId;
use pilotage_migration::saga::runner::Runner;
use pilotage_redact::Veil;
use pilotage_rollout::Span;
use pilotage_testkit::bed::{Bed, Service};
use pilotage_testkit::contract::{RunnerBench, runner};
use serde_json::{Value, json};

use crate::bench::Ears;

/// Longer than any container takes on a busy machine.
const FAR: Span = Span::from_mins(3);

/// A service of no tasks, whose task definition runs the demo service like this.
struct Yard {
    tasks: Tasks,
    order: Order,
    ears: Ears,
}

fn unique() -> String {
    let folder = tempfile::Builder::new().rand_bytes(12).tempdir().expect("a folder");
    let random = folder.path().file_name().expect("it has one").to_string_lossy();
    format!("task{}", random.replace('.', "-"))
}

async fn tasks(bed: &Bed) -> (Ecs, Tasks) {
    let settings = Settings {
        region: Some("eu-central-1".into()),
        profile: None,
        endpoint: Some(bed.address.clone()),
        role: None,
        clock: None,
    };
    let session = Session::open(&settings).await.expect("all is given");
    let (ecs, logs) = (Ecs::new(&session), Logs::new(&session));
    let tasks = Tasks::new(&ecs, &logs, &Veil::default(), Arc::new(SystemClock::new()));
    (ecs, tasks)
}

/// The service, with what its containers have besides.
pub(crate) async fn service(bed: &Bed, options: &[&str], besides: &Value) -> String {
    let name = unique();
    bed.ask(Service::Ecs, "CreateCluster", &json!({ "clusterName": name })).await;
    let options: Vec<&str> =
        ["--port", "8080", "--release", "v1"].into_iter().chain(options.iter().copied()).collect();
    let log = json!({ "logDriver": "awslogs", "options": {
        "awslogs-group": name, "awslogs-region": "eu-central-1",
        "awslogs-stream-prefix": "task", "awslogs-create-group": "true",
    }});
    let mut container = json!({
        "name": "job", "image": bed.image, "memory": 64, "essential": true, "command": options,
        "logConfiguration": log,
    });
    for (key, value) in besides.as_object().into_iter().flatten() {
        container[key] = value.clone();
    }
    let definition = json!({ "family": name, "containerDefinitions": [container] });
    bed.ask(Service::Ecs, "RegisterTaskDefinition", &definition).await;
    let service = json!({
        "cluster": name, "serviceName": "job", "taskDefinition": name, "desiredCount": 0,
        "launchType": "EC2",
    });
    let made = bed.ask(Service::Ecs, "CreateService", &service).await;
    assert!(made["service"].is_object(), "{made}");
    name
}

impl Yard {
    async fn new(bed: &Bed, options: &[&str], besides: &Value) -> Self {
        let name = service(bed, options, besides).await;
        let (ecs, tasks) = tasks(bed).await;
        let service = format!("{name}/job").parse().expect("a name");
        let recipe = Recipe::of_service(&ecs, &service).await.expect("it can be read");
        let run = name.parse().expect("a name");
        let order = Order::new(&run, &recipe, &Overrides::default(), None).expect("an order");
        Self { tasks, order, ears: Ears::default() }
    }

    async fn run(&self, deadline: Span) -> Outcome {
        let mut tell = self.ears.hear();
        let limits = Limits { deadline };
        let outcome = self.tasks.run(&self.order, limits, pending(), &mut tell).await;
        outcome.expect("it can be started")
    }

    async fn ended(&self) -> Ended {
        match self.run(FAR).await {
            Outcome::Ended(ended) => ended,
            other => panic!("it has not ended: {other:?}"),
        }
    }
}

#[tokio::test]
async fn codes_are_those_of_the_container_and_its_words_are_heard() {
    let Some(bed) = Bed::require() else { return };
    for (code, ending) in [(0, Ending::Succeeded), (3, Ending::Failed { code: 3 })] {
        let options = ["--exit-at-once", "--exit-code", &code.to_string()];
        let yard = Yard::new(&bed, &options, &json!({})).await;
        assert_eq!(yard.ended().await.ending, ending);
        let lines = yard.ears.lines("job").join("\n");
        assert!(lines.contains("told to exit at once"), "{lines}: {:?}", yard.ears.all());
        let again = yard.tasks.start(&yard.order).await.expect("attached");
        assert!(again.attached, "the name is taken");
    }
}

#[tokio::test]
async fn a_signal_is_a_failure_that_names_it() {
    let Some(bed) = Bed::require() else { return };
    let ended = Yard::new(&bed, &["--crash"], &json!({})).await.ended().await;
    assert!(matches!(ended.ending, Ending::Failed { code } if code > 128), "{ended:?}");
    assert!(ended.words.contains("(SIG"), "{}", ended.words);
}

#[tokio::test]
async fn one_that_never_ends_is_stopped_when_its_time_is_over() {
    let Some(bed) = Bed::require() else { return };
    let yard = Yard::new(&bed, &["--address", "0.0.0.0"], &json!({})).await;
    let outcome = yard.run(Span::from_secs(5)).await;
    let Outcome::Stopped { why: Why::Deadline, ended } = outcome else { panic!("{outcome:?}") };
    assert_eq!(ended.ending, Ending::Stopped, "whatever its code: {ended:?}");
}

#[tokio::test]
async fn an_image_that_is_nowhere_is_no_success_and_says_so() {
    let Some(bed) = Bed::require() else { return };
    let nowhere = json!({ "image": "localhost:1/no-such-image:v1" });
    let yard = Yard::new(&bed, &[], &nowhere).await;
    let ended = yard.ended().await;
    assert_eq!(ended.ending, Ending::NoCode, "{ended:?}");
    assert!(ended.words.contains("TaskFailedToStart"), "{}", ended.words);
    assert!(ended.words.contains("no-such-image"), "{}", ended.words);
    assert_eq!(yard.ears.deaf("job").len(), 1, "it has said nothing, and that is said");
}

#[tokio::test]
async fn a_secret_that_is_nowhere_is_no_success_and_says_so() {
    let Some(bed) = Bed::require() else { return };
    let arn = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:no-such-secret-abcdef";
    let secret = json!({ "secrets": [{ "name": "PASSWORD", "valueFrom": arn }] });
    let ended = Yard::new(&bed, &["--exit-at-once"], &secret).await.ended().await;
    assert_eq!(ended.ending, Ending::NoCode, "{ended:?}");
    assert!(ended.words.contains("ResourceInitializationError"), "{}", ended.words);
}

/// Workers that say `the end` and end with 3 once they are told to by a signal.
#[derive(Debug)]
struct Quay {
    bed: Bed,
    ecs: Ecs,
    tasks: Tasks,
    cluster: String,
}

const WORKER: &str = "trap 'echo the end; exit 3' USR1; trap 'exit 143' TERM; echo begun; \
                      /pilotage-demo-service --port 8080 --release v1 & wait";

impl Quay {
    async fn new(bed: Bed) -> Self {
        let shell = json!({ "image": bed.shell() });
        let cluster = service(&bed, &[], &shell).await;
        let (ecs, tasks) = tasks(&bed).await;
        Self { bed, ecs, tasks, cluster }
    }

    async fn arns(&self, attempt: OwnerId) -> Vec<String> {
        let starter = format!("pilotage-migrate/{attempt}");
        self.ecs.started_by(&self.cluster, &starter).await.expect("listed")
    }
}

#[async_trait]
impl RunnerBench for Quay {
    fn process(&self) -> Arc<dyn Runner> {
        let berth = Berth {
            service: format!("{}/job", self.cluster).parse().expect("a name"),
            definition: None,
            images: Images::new(),
            container: "job".into(),
            worker: vec!["-c".into(), WORKER.into(), "worker".into()],
            rest: Vec::new(),
        };
        Arc::new(EcsRunner::new(self.tasks.clone(), berth))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock::new())
    }

    async fn started(&self, attempt: OwnerId) -> usize {
        self.arns(attempt).await.len()
    }

    async fn end(&self, attempt: OwnerId) {
        let arn = self.arns(attempt).await.pop().expect("it runs");
        let id = arn.rsplit('/').next().expect("an id").to_owned();
        let look =
            json!({ "logGroupName": self.cluster, "logStreamName": format!("task/job/{id}") });
        let has_begun = |answer: &Value| answer.to_string().contains("begun");
        self.bed.until((Service::Logs, "GetLogEvents"), &look, has_begun).await;
        self.bed.signal(&arn, "USR1");
    }

    fn listens(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn the_contract_of_a_runner_holds_for_real_containers() {
    let Some(bed) = Bed::require() else { return };
    runner(&Quay::new(bed).await).await;
}
