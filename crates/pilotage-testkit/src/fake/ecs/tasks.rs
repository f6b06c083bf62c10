//! Tasks: listed and described.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::{Fields, page};
use super::world::{End, PLACE, Task, World, seconds};

/// How long a task that came to an end is remembered.
const MEMORY: u64 = 3_600_000;

/// Who started it is the only thing that may be asked for besides the state.
pub(super) fn list(world: &World, body: &Value) -> Result<Value, Refusal> {
    let known = ["cluster", "startedBy", "serviceName", "desiredStatus", "nextToken", "maxResults"];
    let fields = Fields::of(body, &known)?;
    world.check_cluster(&fields)?;
    if fields.text("startedBy").is_some() && fields.text("serviceName").is_some() {
        return Err(Refusal::invalid("cannot use startedBy with other filters"));
    }
    let wants_stopped = fields.text("desiredStatus") == Some("STOPPED");
    let starter = fields.text("startedBy");
    let fits = |task: &&Task| {
        (task.status == "STOPPED" || task.is_stopping()) == wants_stopped
            && starter.is_none_or(|starter| task.started_by == starter)
            && !(wants_stopped && world.now > task.since + MEMORY)
    };
    let arns: Vec<String> =
        world.tasks.iter().rev().filter(fits).map(|task| task.arn.clone()).collect();
    let (arns, next) = page(&arns, &fields, 100)?;
    Ok(json!({ "taskArns": arns, "nextToken": next }))
}

pub(super) fn describe(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["cluster", "tasks", "include"])?;
    world.check_cluster(&fields)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for arn in fields.list("tasks", 100)? {
        match world.seen(arn) {
            Some(task) => found.push(told(world, &task)),
            None => failures.push(json!({ "arn": arn, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "tasks": found, "failures": failures }))
}

impl World {
    /// A task that shows already.
    fn seen(&mut self, arn: &str) -> Option<Task> {
        let task = self.tasks.iter_mut().find(|task| task.arn == arn)?;
        if task.unseen > 0 {
            task.unseen -= 1;
            return None;
        }
        Some(task.clone())
    }

    /// How many tasks of a deployment are in this state.
    pub(super) fn count(&self, deployment: &str, status: &str) -> usize {
        let fits = |task: &&Task| task.started_by == deployment && task.status == status;
        self.tasks.iter().filter(fits).count()
    }

    /// Whether any task of the deployment is alive.
    pub(super) fn has_tasks(&self, deployment: &str) -> bool {
        self.count(deployment, "RUNNING") + self.count(deployment, "PENDING") > 0
    }
}

impl Task {
    /// A task that was just asked for.
    pub(super) fn new(world: &mut World, starter: &str, definition: &str) -> Self {
        let number = world.next();
        Self {
            arn: format!("arn:aws:ecs:{PLACE}:task/{}/{number:032x}", world.cluster),
            started_by: starter.into(),
            definition: definition.into(),
            status: "PENDING",
            since: world.now,
            end: None,
            unseen: world.missing_for,
            own: None,
        }
    }
}

pub(super) fn told(world: &World, task: &Task) -> Value {
    let images = world.definition(&task.definition).map(|found| {
        found.images().map(|(name, image)| (name.to_owned(), image.to_owned())).collect::<Vec<_>>()
    });
    // Their order is not that of the task definition.
    let containers = images.unwrap_or_default().into_iter().rev();
    let containers: Vec<Value> =
        containers.map(|(name, image)| container(world, task, &name, &image)).collect();
    let mut told = json!({
        "taskArn": task.arn,
        "taskDefinitionArn": task.definition,
        "startedBy": task.started_by,
        "lastStatus": task.status,
        "desiredStatus": if task.end.is_some() { "STOPPED" } else { "RUNNING" },
        "containers": containers,
        "createdAt": seconds(task.since),
    });
    if let (Some(End { code, reason, .. }), Some(told)) = (&task.end, told.as_object_mut()) {
        told.insert("stopCode".into(), json!(code));
        told.insert("stoppedReason".into(), json!(reason));
        told.insert("stoppedAt".into(), seconds(task.since));
    }
    if let (Some(own), Some(told)) = (&task.own, told.as_object_mut()) {
        own.add_to(told, task.end.is_some());
    }
    told
}

fn container(world: &World, task: &Task, name: &str, image: &str) -> Value {
    let mut told = json!({ "name": name, "image": image, "lastStatus": task.status });
    let Some(told_fields) = told.as_object_mut() else { return told };
    if let Some((_, digest)) = image.split_once('@') {
        told_fields.insert("imageDigest".into(), json!(digest));
    }
    let Some(end) = &task.end else { return told };
    if task.own.is_none() && !world.troubles.contains_key(image) {
        return told;
    }
    let exit = task.own.as_ref().map_or(end.exit, |own| own.exit(end, name));
    if let Some(exit) = exit {
        told_fields.insert("exitCode".into(), json!(exit));
    }
    if let Some(reason) = &end.container {
        told_fields.insert("reason".into(), json!(reason));
    }
    told
}
