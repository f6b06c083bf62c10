//! Who is registered, and whether it answers.

use serde_json::{Value, json};

use super::super::answer::Refusal;
use super::super::fields::Fields;
use super::super::world::{Definition, Service, Task, Trouble, World};
use super::{Target, TargetGroup};

/// A moment passes: tasks that run are registered, those that do not are drained and then gone.
pub(in super::super) fn step(world: &mut World) {
    let now = world.now;
    let known: Vec<String> = world
        .balancer
        .rules
        .values()
        .flat_map(|rule| &rule.weights)
        .map(|(group, _)| group.clone())
        .collect();
    let mut groups = std::mem::take(&mut world.balancer.groups);
    for (arn, group) in &mut groups {
        let is_used = known.contains(arn);
        group.used_since = is_used.then(|| group.used_since.unwrap_or(now));
        let running = world.running_behind(arn);
        group.follow(&running, now);
    }
    world.balancer.groups = groups;
}

impl TargetGroup {
    fn follow(&mut self, running: &[&Task], now: u64) {
        for task in running {
            if !self.targets.iter().any(|target| target.task == task.arn) {
                let (task, address) = (task.arn.clone(), address(&task.arn));
                self.targets.push(Target { task, address, since: now, leaves_at: None });
            }
        }
        let drain = self.drain;
        for target in &mut self.targets {
            if target.leaves_at.is_none() && !running.iter().any(|task| task.arn == target.task) {
                target.leaves_at = Some(now + drain);
            }
        }
        self.targets.retain(|target| target.leaves_at.is_none_or(|at| at > now));
    }
}

/// An address that is made of the last digits of the task's id.
fn address(task: &str) -> String {
    let digits = task.get(task.len().saturating_sub(4)..).unwrap_or_default();
    let number = u16::from_str_radix(digits, 16).unwrap_or(0);
    format!("10.0.{}.{}", number / 256, number % 256)
}

pub(super) fn describe(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["TargetGroupArn"])?;
    let group = world.group(fields.need("TargetGroupArn")?)?;
    let told: Vec<Value> = group.targets.iter().map(|target| told(world, group, target)).collect();
    Ok(json!({ "TargetHealthDescriptions": told }))
}

fn told(world: &World, group: &TargetGroup, target: &Target) -> Value {
    let (state, reason, said) = state(world, group, target);
    let mut health = json!({ "State": state });
    if let (Some(health), false) = (health.as_object_mut(), reason.is_empty()) {
        health.insert("Reason".into(), json!(reason));
        health.insert("Description".into(), json!(said));
    }
    json!({ "Target": { "Id": target.address, "Port": "80" }, "TargetHealth": health })
}

fn state(
    world: &World,
    group: &TargetGroup,
    target: &Target,
) -> (&'static str, &'static str, &'static str) {
    if target.leaves_at.is_some() {
        return (
            "draining",
            "Target.DeregistrationInProgress",
            "Target deregistration is in progress",
        );
    }
    let Some(used_since) = group.used_since else {
        let said = "Target group is not configured to receive traffic from the load balancer";
        return ("unused", "Target.NotInUse", said);
    };
    if world.now < target.since.max(used_since) + world.balancer.check_for {
        return ("initial", "Elb.InitialHealthChecking", "Initial health checks in progress");
    }
    if world.is_sick(&target.task) {
        let said = "Health checks failed with these codes: [500]";
        return ("unhealthy", "Target.ResponseCodeMismatch", said);
    }
    ("healthy", "", "")
}

impl World {
    /// How many targets of a group answer.
    pub(in super::super) fn healthy(&self, group: &str) -> usize {
        self.answering(group).len()
    }

    /// The tasks behind a group that answer.
    pub(super) fn answering(&self, arn: &str) -> Vec<&str> {
        let Some(group) = self.balancer.groups.get(arn) else { return Vec::new() };
        let answers = |target: &&Target| state(self, group, target).0 == "healthy";
        group.targets.iter().filter(answers).map(|target| target.task.as_str()).collect()
    }

    fn running_behind(&self, group: &str) -> Vec<&Task> {
        let of = |service: &&Service| service.target_group.as_deref() == Some(group);
        let runs = |task: &&Task| {
            task.status == "RUNNING"
                && self.services.values().filter(of).any(|service| service.started(task))
        };
        self.tasks.iter().filter(runs).collect()
    }

    fn is_sick(&self, task: &str) -> bool {
        let task = self.tasks.iter().find(|one| one.arn == task);
        let definition = task.and_then(|task| self.definition(&task.definition).ok());
        let mut images = definition.into_iter().flat_map(Definition::images);
        images.any(|(_, image)| self.troubles.get(image) == Some(&Trouble::Sick))
    }
}

impl Service {
    fn started(&self, task: &Task) -> bool {
        let starter = &task.started_by;
        let mut past = self.past.iter().map(|past| &past.deployment);
        self.deployments.iter().any(|one| one.id == *starter) || past.any(|id| id == starter)
    }
}
