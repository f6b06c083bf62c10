//! Services: described and changed.

use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::stages::Progress;
use super::tags;
use super::world::{Breaker, Deployment, PLACE, Past, Service, Task, World, seconds};

pub(super) fn describe(world: &mut World, body: &Value, stale: bool) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["cluster", "services", "include"])?;
    world.check_cluster(&fields)?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in fields.list("services", 10)? {
        match world.services.get(name) {
            Some(service) => {
                let before = service.before.clone().filter(|_| stale);
                let told = before.unwrap_or_else(|| told(world, name, service));
                found.push(with_tags(told, service, fields.has("include", "TAGS")));
            }
            None => failures.push(json!({
                "arn": format!("arn:aws:ecs:{PLACE}:service/{}/{name}", world.cluster),
                "reason": "MISSING",
            })),
        }
    }
    Ok(json!({ "services": found, "failures": failures }))
}

fn with_tags(mut told: Value, service: &Service, wanted: bool) -> Value {
    if let (true, Some(told)) = (wanted, told.as_object_mut()) {
        told.insert("tags".into(), tags::told(&service.tags));
    }
    told
}

/// Only what starts a deployment, and how many there shall be, can be changed here.
pub(super) fn update(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let known = ["cluster", "service", "taskDefinition", "desiredCount", "forceNewDeployment"];
    let fields = Fields::of(body, &known)?;
    world.check_cluster(&fields)?;
    let name = fields.need("service")?;
    if !world.services.contains_key(name) {
        return Err(Refusal::new("ServiceNotFoundException", "Service not found."));
    }
    let definition = match fields.text("taskDefinition") {
        Some(wanted) => Some(world.runnable(wanted)?.arn.clone()),
        None => None,
    };
    let before = world.services.get(name).map(|service| told(world, name, service));
    let now = world.now;
    let number = world.next();
    if fields.number("desiredCount") == Some(0) {
        world.note_stop(name);
    }
    let service = world.service(name);
    service.before = before;
    if let Some(desired) = fields.number("desiredCount") {
        service.desired = desired;
    }
    let current = service.primary().map(|primary| primary.definition.clone()).unwrap_or_default();
    let wanted = definition.unwrap_or_else(|| current.clone());
    if wanted != current || fields.flag("forceNewDeployment") {
        service.supersede();
        service.deploy(number, &wanted, now, "in progress.");
    }
    let service = service.clone();
    Ok(json!({ "service": told(world, name, &service) }))
}

/// A service that has been steady for long.
pub(super) fn make(world: &mut World, name: &str, definition: &str, desired: usize) {
    let (number, now) = (world.next(), world.now);
    let mut service = Service {
        arn: format!("arn:aws:ecs:{PLACE}:service/{}/{name}", world.cluster),
        desired,
        deployments: Vec::new(),
        tags: std::collections::BTreeMap::new(),
        target_group: None,
        stages: None,
        breaker: Breaker::RollBack,
        extra: Map::new(),
        created_at: now - 86_400_000,
        events: Vec::new(),
        past: Vec::new(),
        before: None,
    };
    service.deploy(number, definition, now - 3_600_000, "completed.");
    for deployment in &mut service.deployments {
        deployment.state = "COMPLETED";
    }
    for past in &mut service.past {
        past.status = "SUCCESSFUL";
    }
    let id = service.primary().map(|primary| primary.id.clone()).unwrap_or_default();
    for _ in 0..desired {
        let mut task = Task::new(world, &id, definition);
        task.status = "RUNNING";
        world.tasks.push(task);
    }
    world.services.insert(name.into(), service);
}

impl World {
    pub(super) fn check_cluster(&self, fields: &Fields<'_>) -> Result<(), Refusal> {
        let named = fields.text("cluster").unwrap_or("default");
        if named == self.cluster || named == self.cluster_arn() {
            return Ok(());
        }
        Err(Refusal::new("ClusterNotFoundException", "Cluster not found."))
    }
}

impl Service {
    /// What was under way is not any more.
    fn supersede(&mut self) {
        for deployment in &mut self.deployments {
            deployment.standing = "ACTIVE";
        }
        for past in &mut self.past {
            if matches!(past.status, "PENDING" | "IN_PROGRESS" | "ROLLBACK_IN_PROGRESS") {
                past.status = "STOPPED";
            }
        }
    }

    /// Begins a deployment.
    fn deploy(&mut self, number: u64, definition: &str, now: u64, reason: &str) {
        let id = format!("ecs-svc/{number}");
        self.begin(&id, definition, now, format!("ECS deployment {id} {reason}"));
        self.past.push(Past {
            number,
            deployment: id,
            definition: definition.into(),
            status: "PENDING",
            created_at: now,
            reason: String::new(),
            progress: Progress::default(),
        });
    }

    /// Lists a new deployment; what is past is said elsewhere.
    pub(super) fn begin(&mut self, id: &str, definition: &str, now: u64, reason: String) {
        let deployment = Deployment {
            id: id.into(),
            standing: "PRIMARY",
            definition: definition.into(),
            state: "IN_PROGRESS",
            reason,
            failed: 0,
            created_at: now,
        };
        self.deployments.insert(0, deployment);
    }

    pub(super) fn tell(&mut self, number: u64, now: u64, message: &str) {
        let event =
            json!({ "id": number.to_string(), "createdAt": seconds(now), "message": message });
        self.events.insert(0, event);
        self.events.truncate(100);
    }
}

fn told(world: &World, name: &str, service: &Service) -> Value {
    let of = |deployment: &Deployment| deployment_told(world, service, deployment);
    let deployments: Vec<Value> = service.deployments.iter().map(of).collect();
    let sum = |field: &str| -> u64 {
        deployments.iter().filter_map(|one| one.get(field).and_then(Value::as_u64)).sum()
    };
    let definition = service.primary().map(|primary| primary.definition.clone());
    let mut told = json!({
        "serviceArn": service.arn,
        "serviceName": name,
        "clusterArn": world.cluster_arn(),
        "status": "ACTIVE",
        "desiredCount": service.desired,
        "runningCount": sum("runningCount"),
        "pendingCount": sum("pendingCount"),
        "taskDefinition": definition,
        "deployments": deployments,
        "events": service.events,
        "createdAt": seconds(service.created_at),
        "deploymentController": { "type": "ECS" },
        "launchType": "FARGATE",
        "schedulingStrategy": "REPLICA",
    });
    if let Some(told) = told.as_object_mut() {
        if let Some(stages) = &service.stages {
            let strategy = json!({ "strategy": stages.strategy });
            told.insert("deploymentConfiguration".into(), strategy);
        }
        if let Some(group) = &service.target_group {
            let behind =
                json!([{ "targetGroupArn": group, "containerName": "web", "containerPort": 80 }]);
            told.insert("loadBalancers".into(), behind);
        }
        told.extend(service.extra.clone());
    }
    told
}

fn deployment_told(world: &World, service: &Service, deployment: &Deployment) -> Value {
    let count = |status: &str| world.count(&deployment.id, status);
    let is_primary = deployment.standing == "PRIMARY";
    let desired = if is_primary { service.desired } else { count("RUNNING") };
    json!({
        "id": deployment.id,
        "status": deployment.standing,
        "taskDefinition": deployment.definition,
        "desiredCount": desired,
        "runningCount": count("RUNNING"),
        "pendingCount": count("PENDING"),
        "failedTasks": deployment.failed,
        "createdAt": seconds(deployment.created_at),
        "updatedAt": seconds(world.now),
        "launchType": "FARGATE",
        "rolloutState": deployment.state,
        "rolloutStateReason": deployment.reason,
    })
}
