//! Tasks that are started for themselves: asked for, ended, and what they say meanwhile.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::physics;
use super::tags;
use super::tasks::told;
use super::world::{Definition, End, Task, Trouble, World};

/// What tasks that are started for themselves do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Job {
    /// What keeps them from running.
    pub trouble: Option<Trouble>,
    /// How long they run; for ever if absent.
    pub runs_for: Option<u64>,
    /// The codes of their containers; 0 for those that are not named, and none for `None`.
    pub exits: BTreeMap<String, Option<i32>>,
    /// What containers say, each so long after they run.
    pub says: Vec<(u64, String, String)>,
    /// How much later that can be read.
    pub lag: u64,
    /// How long they take to end when they are told to.
    pub stop_takes: u64,
    /// The code of their containers then.
    pub stopped_with: Option<i32>,
}

/// A task that was started for itself.
#[derive(Debug, Clone)]
pub(super) struct Own {
    job: Job,
    token: String,
    asked: Value,
    tags: BTreeMap<String, String>,
    /// When it ends because it was told to, and why.
    stopping: Option<(u64, String)>,
    stopped_at: u64,
    created_at: u64,
}

const KNOWN: [&str; 13] = [
    "cluster",
    "taskDefinition",
    "startedBy",
    "clientToken",
    "count",
    "tags",
    "overrides",
    "networkConfiguration",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "placementConstraints",
    "placementStrategy",
];

pub(super) fn run(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &KNOWN)?;
    world.check_cluster(&fields)?;
    let definition = world.runnable(fields.need("taskDefinition")?)?.clone();
    check_place(&fields, &definition)?;
    check_overrides(&fields, &definition)?;
    let starter = fields.text("startedBy").unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-/_".contains(&byte);
    if starter.len() > 128 || !starter.bytes().all(fits) {
        return Err(Refusal::invalid("startedBy is not valid."));
    }
    let token = fields.text("clientToken").unwrap_or_default();
    if token.len() > 64 {
        return Err(Refusal::invalid("clientToken is too long."));
    }
    if let Some(task) = repeated(world, token, body)? {
        return Ok(json!({ "tasks": [told(world, &task)], "failures": [] }));
    }
    if let Some(reason) = world.shortages.pop() {
        return Ok(json!({ "tasks": [], "failures": [{ "reason": reason }] }));
    }
    let tags = fields.value("tags").map(tags::read).transpose()?.unwrap_or_default();
    let mut task = Task::new(world, starter, &definition.arn);
    task.own = Some(Own {
        job: world.job.clone(),
        token: token.into(),
        asked: body.clone(),
        tags,
        stopping: None,
        stopped_at: 0,
        created_at: world.now,
    });
    world.tasks.push(task.clone());
    Ok(json!({ "tasks": [told(world, &task)], "failures": [] }))
}

/// The task that was started by the same token, if this world knows tokens.
fn repeated(world: &World, token: &str, body: &Value) -> Result<Option<Task>, Refusal> {
    if token.is_empty() || world.ignores_tokens {
        return Ok(None);
    }
    let has_token = |task: &&Task| task.own.as_ref().is_some_and(|own| own.token == token);
    let Some(task) = world.tasks.iter().find(has_token) else { return Ok(None) };
    if task.own.as_ref().is_some_and(|own| own.asked == *body) {
        return Ok(Some(task.clone()));
    }
    let message = "The clientToken was used with other parameters.";
    Err(Refusal::new("ConflictException", message))
}

fn check_place(fields: &Fields<'_>, definition: &Definition) -> Result<(), Refusal> {
    let has = |name: &str| fields.value(name).is_some_and(|value| *value != json!([]));
    if has("launchType") && has("capacityProviderStrategy") {
        let message =
            "Specifying both a launch type and capacity provider strategy is not supported.";
        return Err(Refusal::invalid(message));
    }
    let mode = definition.document.get("networkMode").and_then(Value::as_str);
    if mode == Some("awsvpc") && !has("networkConfiguration") {
        let message =
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

fn check_overrides(fields: &Fields<'_>, definition: &Definition) -> Result<(), Refusal> {
    let Some(overrides) = fields.value("overrides") else { return Ok(()) };
    let known = ["containerOverrides", "cpu", "memory", "taskRoleArn", "executionRoleArn"];
    let overrides = Fields::of(overrides, &known)?;
    let all = overrides.value("containerOverrides").and_then(Value::as_array);
    for one in all.into_iter().flatten() {
        let known = ["name", "command", "environment", "cpu", "memory", "memoryReservation"];
        let name = Fields::of(one, &known)?.need("name")?;
        if !definition.images().any(|(container, _)| container == name) {
            let message = format!(
                "Override for container named {name} is not a container in the TaskDefinition."
            );
            return Err(Refusal::invalid(message));
        }
    }
    Ok(())
}

pub(super) fn stop(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["cluster", "task", "reason"])?;
    world.check_cluster(&fields)?;
    let (arn, now) = (fields.need("task")?, world.now);
    let reason = fields.text("reason").unwrap_or("Task stopped by user").to_owned();
    let Some(task) = world.tasks.iter_mut().find(|task| task.arn == arn) else {
        return Err(Refusal::invalid("The referenced task was not found."));
    };
    if let Some(own) = task.own.as_mut().filter(|_| task.status != "STOPPED") {
        own.stopping.get_or_insert((now + own.job.stop_takes, reason));
    }
    let task = task.clone();
    physics::step(world);
    Ok(json!({ "task": told(world, &task) }))
}

impl Task {
    /// Whether it was told to end.
    pub(super) fn is_stopping(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.stopping.is_some())
    }

    /// A moment of a task that was started for itself. What it says from now on.
    pub(super) fn live(&mut self, now: u64, start_up: u64) -> Vec<(u64, String, String)> {
        let Some(own) = self.own.as_mut().filter(|_| self.status != "STOPPED") else {
            return Vec::new();
        };
        if let Some((_, reason)) = own.stopping.clone().filter(|(at, _)| now >= *at) {
            let exit = if self.status == "RUNNING" { own.job.stopped_with } else { None };
            own.stopped_at = now;
            self.end = Some(End { code: "UserInitiated", reason, exit, container: None });
            (self.status, self.since) = ("STOPPED", now);
            return Vec::new();
        }
        match self.status {
            "PENDING" if now >= self.since + start_up => self.come_up(now),
            "RUNNING" => {
                self.come_to_its_end(now);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn come_up(&mut self, now: u64) -> Vec<(u64, String, String)> {
        let Some(own) = &mut self.own else { return Vec::new() };
        if let Some(trouble) = own.job.trouble.filter(|trouble| *trouble != Trouble::Hangs) {
            own.stopped_at = now;
            self.end = Some(physics::end(trouble));
            (self.status, self.since) = ("STOPPED", now);
            return Vec::new();
        }
        if own.job.trouble == Some(Trouble::Hangs) {
            return Vec::new();
        }
        let job = own.job.clone();
        (self.status, self.since) = ("RUNNING", now);
        let is_said = |at: u64| job.runs_for.is_none_or(|whole| at <= whole);
        let says = job.says.iter().filter(|(at, ..)| is_said(*at));
        let says = says.map(|(at, who, text)| (now + at + job.lag, who.clone(), text.clone()));
        let says = says.collect();
        self.come_to_its_end(now);
        says
    }

    fn come_to_its_end(&mut self, now: u64) {
        let Some(own) = &mut self.own else { return };
        let Some(at) = own.job.runs_for.map(|whole| self.since + whole) else { return };
        if now >= at {
            own.stopped_at = at;
            let reason = "Essential container in task exited".into();
            let code = "EssentialContainerExited";
            self.end = Some(End { code, reason, exit: Some(0), container: None });
            (self.status, self.since) = ("STOPPED", now);
        }
    }
}

impl World {
    /// Lets a task say this and end by itself, once it runs.
    pub fn finish(&mut self, starter: &str, container: &str, text: &str) {
        self.advance(self.start_up);
        let fits = |task: &&mut Task| task.started_by == starter && task.status == "RUNNING";
        let now = self.now;
        let Some(task) = self.tasks.iter_mut().find(fits) else {
            panic!("no task of `{starter}` runs");
        };
        if let Some(own) = &mut task.own {
            own.job.runs_for = Some(0);
        }
        let task = task.clone();
        self.hear(&task, vec![(now, container.to_owned(), text.to_owned())]);
        physics::step(self);
    }
}

impl Own {
    /// The exit code of a container of a task that ended like this.
    pub(super) fn exit(&self, end: &End, container: &str) -> Option<i32> {
        match end.code {
            "EssentialContainerExited" if self.job.trouble.is_none() => {
                self.job.exits.get(container).copied().unwrap_or(Some(0))
            }
            _ => end.exit,
        }
    }

    /// What a description says besides.
    pub(super) fn add_to(&self, told: &mut Map<String, Value>, is_over: bool) {
        told.insert("tags".into(), tags::told(&self.tags));
        told.insert("createdAt".into(), super::world::seconds(self.created_at));
        if self.stopping.is_some() {
            told.insert("desiredStatus".into(), json!("STOPPED"));
        }
        if is_over {
            let at = super::world::seconds(self.stopped_at);
            told.insert("executionStoppedAt".into(), at);
        }
    }
}
