//! A service on the fake of ECS, and tasks that run beside it.
//!
//! Time is that of the fake: it passes with each call, and where somebody waits.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pilotage_aws::ecs::{Ecs, ServiceName};
use pilotage_aws::logs::Logs;
use pilotage_aws::session::Role;
use pilotage_aws::{Session, Settings};
use pilotage_clock::Clock;
use pilotage_ecs_task::listen::Heard;
use pilotage_ecs_task::{
    Ended, Limits, Order, Outcome, Overrides, Recipe, RunName, StartError, Tasks, Told,
};
use pilotage_redact::Veil;
use pilotage_rollout::{Moment, Span};
use pilotage_testkit::fake::FakeEcs;
use pilotage_testkit::fake::ecs::Job;
use serde_json::{Value, json};

/// A fake with the service `shop/web`, whose task definition has a job and a sidecar.
pub(crate) struct Bench {
    pub(crate) fake: Arc<FakeEcs>,
    pub(crate) ecs: Ecs,
    pub(crate) tasks: Tasks,
    pub(crate) veil: Veil,
    begin: u64,
}

/// What a run has told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ears(Arc<Mutex<Vec<Told>>>);

pub(crate) fn image(name: &str) -> String {
    let digest = pilotage_artifact::Digest::of(name.as_bytes());
    format!("registry.example.org/shop/{name}@{digest}")
}

pub(crate) fn definition() -> Value {
    let log = json!({ "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/shop",
        "awslogs-region": "eu-central-1", "awslogs-stream-prefix": "shop" } });
    json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "invented2031": { "kept": true },
        "containerDefinitions": [
            { "name": "web", "image": image("web"), "logConfiguration": log, "stopTimeout": 40 },
            { "name": "log", "image": image("log"), "essential": false, "logConfiguration": log },
        ],
    })
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::of(Job { runs_for: Some(5_000), ..Job::default() }).await
    }

    /// A bench whose tasks do this.
    pub(crate) async fn of(job: Job) -> Self {
        let fake = Arc::new(FakeEcs::start().await.expect("a port"));
        let session = session(fake.address()).await;
        let begin = fake.world(|world| {
            let first = world.define(&definition());
            let service = world.serve("web", &first, 1);
            let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-1"] } });
            service.extra.insert("networkConfiguration".into(), network);
            service.extra.insert("launchType".into(), json!("FARGATE"));
            service.extra.insert("platformVersion".into(), json!("1.4.0"));
            world.job = job;
            world.now
        });
        let (ecs, veil) = (Ecs::new(&session), Veil::default());
        let clock = Arc::new(FakeTime { fake: fake.clone(), begin });
        let tasks = Tasks::new(&ecs, &Logs::new(&session), &veil, clock);
        Self { fake, ecs, tasks, veil, begin }
    }

    pub(crate) async fn recipe(&self) -> Recipe {
        Recipe::of_service(&self.ecs, &name()).await.expect("it can be read")
    }

    pub(crate) async fn order(&self, run: &str) -> Order {
        let run: RunName = run.parse().expect("a name");
        let recipe = self.recipe().await;
        Order::new(&run, &recipe, &Overrides::default(), None).expect("it can be asked for")
    }

    /// Runs to the end, and says what became of it and what was told.
    pub(crate) async fn run(&self) -> (Result<Outcome, StartError>, Ears) {
        self.run_until(Span::from_mins(30), pending()).await
    }

    pub(crate) async fn run_until(
        &self,
        deadline: Span,
        cancel: impl Future<Output = ()>,
    ) -> (Result<Outcome, StartError>, Ears) {
        let (order, ears) = (self.order("run-1").await, Ears::default());
        self.fake.forget_calls();
        let mut tell = ears.hear();
        let limits = Limits { deadline };
        let outcome = self.tasks.run(&order, limits, cancel, &mut tell).await;
        (outcome, ears)
    }

    /// Runs to an end that is one.
    pub(crate) async fn ended(&self) -> Ended {
        match self.run().await.0.expect("started") {
            Outcome::Ended(ended) => ended,
            other => panic!("it has not ended: {other:?}"),
        }
    }

    pub(crate) fn elapsed(&self) -> Span {
        Span::from_millis(self.fake.world(|world| world.now) - self.begin)
    }

    pub(crate) fn clock(&self) -> Arc<FakeTime> {
        Arc::new(FakeTime { fake: self.fake.clone(), begin: self.begin })
    }

    /// How many tasks there are that were started for themselves.
    pub(crate) fn count(&self) -> usize {
        self.fake.world(|world| world.one_off().len())
    }
}

impl Ears {
    pub(crate) fn hear(&self) -> impl FnMut(Told) + Send + use<> {
        let told = self.0.clone();
        move |one| told.lock().unwrap_or_else(PoisonError::into_inner).push(one)
    }

    pub(crate) fn all(&self) -> Vec<Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lines of a container.
    pub(crate) fn lines(&self, of: &str) -> Vec<String> {
        let line = |told| match told {
            Told::Heard(Heard::Line { container, text }) if container == of => Some(text),
            _ => None,
        };
        self.all().into_iter().filter_map(line).collect()
    }

    /// Why a container cannot be heard.
    pub(crate) fn deaf(&self, of: &str) -> Vec<String> {
        let deaf = |told| match told {
            Told::Heard(Heard::Deaf { container, reason }) if container == of => Some(reason),
            _ => None,
        };
        self.all().into_iter().filter_map(deaf).collect()
    }
}

pub(crate) async fn session(address: &str) -> Session {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let token = folder.join("token");
    write(&token, "token.of.ci");
    let role = Role {
        arn: "arn:aws:iam::000000000000:role/deploy".parse().expect("a role"),
        session: "run-42".parse().expect("a name"),
        external_id: None,
        web_identity: Some(Arc::new(pilotage_identity::TokenFile::new(token))),
    };
    let settings = Settings {
        region: Some("eu-central-1".into()),
        profile: None,
        endpoint: Some(address.into()),
        role: Some(role),
        clock: None,
    };
    Session::open(&settings).await.expect("all is given")
}

pub(crate) fn name() -> ServiceName {
    "shop/web".parse().expect("a name")
}

/// The time of the fake.
#[derive(Debug)]
pub(crate) struct FakeTime {
    fake: Arc<FakeEcs>,
    begin: u64,
}

#[async_trait]
impl Clock for FakeTime {
    /// The clock of this machine is ten minutes ahead of ECS's, for nothing may depend on it.
    fn now(&self) -> Moment {
        Moment::from_millis(self.fake.world(|world| world.now) + 600_000)
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.fake.world(|world| world.now) - self.begin)
    }

    async fn sleep(&self, span: Span) {
        self.fake.world(|world| world.advance(span.as_millis()));
        // Whoever else waits gets a turn.
        tokio::task::yield_now().await;
    }
}

#[expect(clippy::disallowed_methods, reason = "tokens of CI systems come in files")]
fn write(file: &std::path::Path, text: &str) {
    std::fs::write(file, text).expect("it can be written");
}
