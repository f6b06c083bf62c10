//! What is there, and how a call finds what carries it out.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::launch::{Job, Own};
use super::stages::{self, Progress, Stages};
use super::{
    Balancer, Fault, Twist, balancer, definitions, history, launch, logs, physics, services, tags,
    tasks,
};

/// The account and the region that all names are in.
pub(super) const PLACE: &str = "eu-central-1:000000000000";

/// What is there. Times are milliseconds since 1970 by the server's clock.
#[derive(Debug)]
pub struct World {
    /// The only cluster.
    pub cluster: String,
    /// The server's clock.
    pub now: u64,
    /// How much time passes with each call.
    pub per_call: u64,
    /// How long a task takes from being asked for to running.
    pub start_up: u64,
    /// How long the history says of a new deployment that it is pending.
    pub pending_for: u64,
    /// How many descriptions of a new task say that it is missing.
    pub missing_for: u32,
    /// What stands before the services.
    pub balancer: Balancer,
    /// The services.
    pub services: BTreeMap<String, Service>,
    /// What becomes of tasks that have a container of such an image.
    pub troubles: BTreeMap<String, Trouble>,
    /// What tasks do that are started for themselves.
    pub job: Job,
    /// Why the next tasks have no room, the last one first.
    pub shortages: Vec<String>,
    /// Whether a token tells no repetition, as on some servers.
    pub ignores_tokens: bool,
    /// The most lines of a log that one answer has.
    pub log_page: usize,
    /// What containers of services say before they end by themselves.
    pub last_words: Vec<(String, String)>,
    /// What was said, by group and stream, and when it can be read.
    pub said: BTreeMap<(String, String), Vec<(u64, String)>>,
    pub(super) definitions: Vec<Definition>,
    pub(super) tasks: Vec<Task>,
    pub(super) faults: Vec<(&'static str, Fault)>,
    pub(super) twists: Vec<Twist>,
    pub(super) log: Vec<(String, Value)>,
    pub(super) serial: u64,
}

/// A revision of a task definition, as it was registered.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) arn: String,
    pub(super) family: String,
    pub(super) revision: u64,
    pub(super) document: Map<String, Value>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) registered_at: u64,
    pub(super) is_active: bool,
}

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its ARN.
    pub arn: String,
    /// How many tasks there shall be.
    pub desired: usize,
    /// What ECS makes of it, newest first.
    pub deployments: Vec<Deployment>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The group that its tasks are registered with.
    pub target_group: Option<String>,
    /// How it is deployed, if in stages.
    pub stages: Option<Stages>,
    /// What it does about tasks that do not start.
    pub breaker: Breaker,
    /// What else a description says of it.
    pub extra: Map<String, Value>,
    pub(super) created_at: u64,
    pub(super) events: Vec<Value>,
    pub(super) past: Vec<Past>,
    /// What a description said before the last change.
    pub(super) before: Option<Value>,
}

/// What a service does about tasks that do not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// It tries for ever.
    Off,
    /// It gives up.
    GiveUp,
    /// It goes back to what was completed last.
    RollBack,
}

/// A deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// `PRIMARY`, `ACTIVE`.
    pub standing: &'static str,
    /// The ARN of the task definition.
    pub definition: String,
    /// `IN_PROGRESS`, `COMPLETED`, `FAILED`.
    pub state: &'static str,
    /// Why.
    pub reason: String,
    /// Tasks that failed in a row.
    pub failed: u32,
    /// When it began.
    pub created_at: u64,
}

/// What the history says of a deployment.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) number: u64,
    pub(super) deployment: String,
    pub(super) definition: String,
    pub(super) status: &'static str,
    pub(super) created_at: u64,
    pub(super) reason: String,
    pub(super) progress: Progress,
}

/// A task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its ARN.
    pub arn: String,
    /// Its deployment, or whoever has started it for itself.
    pub started_by: String,
    /// The ARN of its task definition.
    pub definition: String,
    /// `PENDING`, `RUNNING`, `STOPPED`.
    pub status: &'static str,
    pub(super) since: u64,
    pub(super) end: Option<End>,
    pub(super) unseen: u32,
    /// What is true of it besides, if it was started for itself.
    pub(super) own: Option<Own>,
}

/// How a task ended.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub(super) code: &'static str,
    pub(super) reason: String,
    pub(super) exit: Option<i32>,
    pub(super) container: Option<String>,
}

/// What becomes of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The image is not there.
    NoImage,
    /// A secret may not be read.
    NoSecret,
    /// It runs, and ends with this code.
    Exits(i32),
    /// It is killed for want of memory.
    OutOfMemory,
    /// It never comes up, and nothing is said.
    Hangs,
    /// It runs, and does not answer health checks as it should.
    Sick,
    /// The registry is too busy for it; this passes.
    PullThrottled,
}

impl World {
    pub(super) fn new(cluster: &str) -> Self {
        Self {
            cluster: cluster.into(),
            now: 1_800_000_000_000,
            per_call: 1_000,
            start_up: 2_000,
            pending_for: 0,
            missing_for: 0,
            balancer: Balancer { check_for: 3_000, ..Balancer::default() },
            services: BTreeMap::new(),
            troubles: BTreeMap::new(),
            job: Job::default(),
            shortages: Vec::new(),
            ignores_tokens: false,
            log_page: 1_000,
            last_words: Vec::new(),
            said: BTreeMap::new(),
            definitions: Vec::new(),
            tasks: Vec::new(),
            faults: Vec::new(),
            twists: Vec::new(),
            log: Vec::new(),
            serial: 1_000_000_000_000_000_000,
        }
    }

    pub(super) fn cluster_arn(&self) -> String {
        format!("arn:aws:ecs:{PLACE}:cluster/{}", self.cluster)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Lets time pass.
    pub fn advance(&mut self, millis: u64) {
        let until = self.now + millis;
        while self.now < until {
            self.now = until.min(self.now + 1_000);
            physics::step(self);
        }
    }

    /// Answers a call.
    pub(super) fn call(&mut self, action: &str, body: &Value) -> Answer {
        self.advance(self.per_call);
        self.log.push((action.into(), body.clone()));
        let fault = self.faults.iter().position(|(of, _)| *of == action);
        let fault = fault.map(|index| self.faults.remove(index).1);
        if let Some(refusal) = fault.and_then(Fault::refusal) {
            return refusal;
        }
        let answer = Answer::from(self.carry_out(action, body, fault));
        if fault == Some(Fault::LostAfter) { Answer::fault() } else { self.twisted(action, answer) }
    }

    fn carry_out(
        &mut self,
        action: &str,
        body: &Value,
        fault: Option<Fault>,
    ) -> Result<Value, Refusal> {
        match action {
            "DescribeServices" => services::describe(self, body, fault == Some(Fault::Stale)),
            "UpdateService" => services::update(self, body),
            "TagResource" => tags::tag(self, body),
            "DescribeTaskDefinition" => definitions::describe(self, body),
            "RegisterTaskDefinition" => definitions::register(self, body),
            "ListTaskDefinitions" => definitions::list(self, body),
            "DeregisterTaskDefinition" => definitions::deregister(self, body),
            "ListTasks" => tasks::list(self, body),
            "RunTask" => launch::run(self, body),
            "StopTask" => launch::stop(self, body),
            "GetLogEvents" => logs::read(self, body),
            "DescribeTasks" => tasks::describe(self, body),
            "ListServiceDeployments" => history::list(self, body),
            "DescribeServiceRevisions" => history::revisions(self, body),
            "DescribeServiceDeployments" => stages::describe(self, body),
            "StopServiceDeployment" => stages::stop(self, body),
            "ContinueServiceDeployment" => stages::proceed(self, body),
            _ => balancer::call(self, action, body),
        }
    }

    fn twisted(&mut self, action: &str, mut answer: Answer) -> Answer {
        for twist in self.twists.iter_mut().filter(|twist| twist.action == action) {
            (twist.change)(&mut answer.body);
            twist.times -= 1;
        }
        self.twists.retain(|twist| twist.times > 0);
        answer
    }

    /// Registers a task definition behind everybody's back, and gives its ARN.
    pub fn define(&mut self, document: &Value) -> String {
        match definitions::register(self, document) {
            Ok(told) => text(&told, "/taskDefinition/taskDefinitionArn"),
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    /// A service that has run this task definition for long.
    pub fn serve(&mut self, name: &str, definition: &str, desired: usize) -> &mut Service {
        services::make(self, name, definition, desired);
        match self.services.get_mut(name) {
            Some(service) => service,
            None => panic!("it was just made"),
        }
    }

    /// Deploys behind everybody's back, as another pipeline does.
    pub fn meddle(&mut self, name: &str, definition: &str) {
        let body = json!({
            "cluster": self.cluster, "service": name, "taskDefinition": definition,
            "forceNewDeployment": true,
        });
        if let Err(refusal) = services::update(self, &body) {
            panic!("{refusal:?}");
        }
    }

    /// The tasks that were started for themselves: by whom, and in which state they are.
    pub fn one_off(&self) -> Vec<(String, &'static str)> {
        let own = self.tasks.iter().filter(|task| task.own.is_some());
        own.map(|task| (task.started_by.clone(), task.status)).collect()
    }

    /// What the history says of the deployments of a service, oldest first.
    pub fn past(&self, service: &str) -> Vec<String> {
        let past = self.services.get(service).map(|service| service.past.as_slice());
        past.into_iter().flatten().map(|past| past.status.to_owned()).collect()
    }

    /// Retires a revision behind everybody's back, by family and revision.
    pub fn retire(&mut self, name: &str) {
        let found = self.definitions.iter_mut().find(|one| one.name() == name);
        match found {
            Some(found) => found.is_active = false,
            None => panic!("there is no revision `{name}`"),
        }
    }

    /// How many revisions a family has, whoever has registered them.
    pub fn revisions(&self, family: &str) -> usize {
        self.definitions.iter().filter(|one| one.family == family).count()
    }

    /// The revisions that were retired, by family and revision.
    pub fn retired(&self) -> Vec<String> {
        self.definitions.iter().filter(|one| !one.is_active).map(Definition::name).collect()
    }

    /// The images that a container has in tasks of a service that run, and in how many.
    pub fn running(&self, service: &str, container: &str) -> BTreeMap<String, usize> {
        let mut running = BTreeMap::new();
        let listed = self.services.get(service).map(|service| service.deployments.as_slice());
        let ids: Vec<&str> = listed.into_iter().flatten().map(|one| one.id.as_str()).collect();
        let runs = |task: &&Task| task.status == "RUNNING" && ids.contains(&&*task.started_by);
        for task in self.tasks.iter().filter(runs) {
            let Ok(definition) = self.definition(&task.definition) else { continue };
            for (_, image) in definition.images().filter(|(name, _)| *name == container) {
                *running.entry(image.to_owned()).or_default() += 1;
            }
        }
        running
    }

    /// The service of this name.
    pub fn service(&mut self, name: &str) -> &mut Service {
        match self.services.get_mut(name) {
            Some(service) => service,
            None => panic!("there is no service `{name}`"),
        }
    }
}

impl Service {
    /// The newest deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.standing == "PRIMARY")
    }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A time as ECS writes it.
pub(super) fn seconds(millis: u64) -> Value {
    let (whole, rest) = (millis / 1_000, millis % 1_000);
    format!("{whole}.{rest:03}").parse().map_or(Value::Null, |seconds: f64| json!(seconds))
}
