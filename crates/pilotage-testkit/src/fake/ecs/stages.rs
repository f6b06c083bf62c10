//! Deployments in stages: all of the new beside all of the old, a pause where one was asked for, the
//! requests, and a while until the old goes. Taking back is a new deployment of the old.

use serde_json::{Value, json};

use super::answer::Refusal;
use super::fields::Fields;
use super::history::arn;
use super::world::{Past, Service, World};

/// How a service is deployed in stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stages {
    /// `BLUE_GREEN`, `LINEAR` or `CANARY`.
    pub strategy: &'static str,
    /// The stage after which it waits for a word.
    pub pause_at: Option<&'static str>,
    /// How long it waits for one, and then goes back.
    pub patience: u64,
    /// The percents of the requests, one after the other.
    pub weights: &'static [u16],
    /// How long the old stays after the requests have gone.
    pub bake: u64,
}

/// How far a deployment has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    stage: &'static str,
    since: u64,
    weight: u16,
    hook: Option<&'static str>,
}

const ORDER: [&str; 8] = [
    "RECONCILE_SERVICE",
    "SCALE_UP",
    "POST_SCALE_UP",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
    "CLEAN_UP",
];
const HOOK: &str = "hook-1";

/// A moment passes; whether the stages keep what is old.
pub(super) fn step(world: &mut World, service: &mut Service) -> bool {
    let (Some(stages), Some(primary)) = (service.stages.clone(), service.primary().cloned()) else {
        return false;
    };
    if primary.state != "IN_PROGRESS" || primary.reason.contains("rolling back") {
        return false;
    }
    let is_up = world.count(&primary.id, "RUNNING") >= service.desired;
    let now = world.now;
    let Some(past) = service.past.iter_mut().find(|past| past.deployment == primary.id) else {
        return false;
    };
    if past.status != "IN_PROGRESS" {
        return true;
    }
    if past.progress.is_over_patience(&stages, now) {
        past.reason = "a hook was not answered in time".into();
        take_back(world, service, &primary.id);
        return true;
    }
    past.progress.go(&stages, is_up, now);
    past.progress.stage != "CLEAN_UP"
}

impl Progress {
    fn is_over_patience(&self, stages: &Stages, now: u64) -> bool {
        self.hook == Some("AWAITING_ACTION") && now >= self.since + stages.patience
    }

    fn go(&mut self, stages: &Stages, is_up: bool, now: u64) {
        let place = ORDER.iter().position(|stage| *stage == self.stage);
        let is_done = match self.stage {
            "SCALE_UP" => is_up,
            "PRODUCTION_TRAFFIC_SHIFT" => {
                let next = stages.weights.iter().find(|weight| **weight > self.weight);
                self.weight = next.copied().unwrap_or(100);
                self.weight == 100
            }
            "BAKE_TIME" => now >= self.since + stages.bake,
            "CLEAN_UP" => false,
            _ => true,
        };
        if !is_done || self.waits(stages, now) {
            return;
        }
        let next = place.map_or(0, |place| place + 1);
        (self.stage, self.since) = (ORDER.get(next).copied().unwrap_or(self.stage), now);
    }

    fn waits(&mut self, stages: &Stages, now: u64) -> bool {
        if stages.pause_at != Some(self.stage) || self.hook == Some("SUCCEEDED") {
            return false;
        }
        if self.hook.is_none() {
            (self.hook, self.since) = (Some("AWAITING_ACTION"), now);
        }
        true
    }
}

/// ECS goes back: the old tasks are replaced by others of the same.
fn take_back(world: &mut World, service: &mut Service, id: &str) {
    let (number, now) = (world.next(), world.now);
    let back = service.past.iter().rev().find(|past| past.status == "SUCCESSFUL").cloned();
    let Some(back) = back else { return };
    for one in service.deployments.iter_mut().filter(|one| one.id == id) {
        (one.state, one.standing) = ("FAILED", "ACTIVE");
    }
    for past in service.past.iter_mut().filter(|past| past.deployment == id) {
        past.status = "ROLLBACK_IN_PROGRESS";
        past.progress.weight = 0;
    }
    let reason = format!("Service deployment: rolling back to deploymentId {}.", back.deployment);
    service.begin(&format!("ecs-svc/{number}"), &back.definition, now, reason);
}

pub(super) fn describe(world: &World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["serviceDeploymentArns"])?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for wanted in fields.list("serviceDeploymentArns", 20)? {
        let mut all = world
            .services
            .iter()
            .flat_map(|(name, service)| service.past.iter().map(move |past| (name, service, past)));
        match all.find(|(name, _, past)| arn(world, name, past) == wanted) {
            Some((_, service, past)) => found.push(told(wanted, service, past)),
            None => failures.push(json!({ "arn": wanted, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "serviceDeployments": found, "failures": failures }))
}

fn told(arn: &str, service: &Service, past: &Past) -> Value {
    let Progress { stage, weight, hook, .. } = &past.progress;
    let mut told = json!({
        "serviceDeploymentArn": arn,
        "status": past.status,
        "statusReason": past.reason,
        "targetServiceRevision": { "requestedProductionTrafficWeight": weight },
    });
    let Some(fields) = told.as_object_mut().filter(|_| service.stages.is_some()) else {
        return told;
    };
    fields.insert("lifecycleStage".into(), json!(stage));
    if let Some(status) = hook {
        let hook = json!({ "hookId": HOOK, "status": status, "timeoutAction": "ROLLBACK" });
        fields.insert("lifecycleHookDetails".into(), json!([hook]));
    }
    told
}

pub(super) fn stop(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["serviceDeploymentArn", "stopType"])?;
    let wanted = fields.need("serviceDeploymentArn")?.to_owned();
    if fields.text("stopType") != Some("ROLLBACK") {
        return Err(Refusal::new("UnsupportedFeatureException", "only ROLLBACK is supported"));
    }
    let (name, id) = world.goes_on(&wanted)?;
    let Some(mut service) = world.services.remove(&name) else { return Ok(json!({})) };
    for past in service.past.iter_mut().filter(|past| past.deployment == id) {
        past.reason =
            "Service deployment rolled back because StopServiceDeployment was called.".into();
    }
    take_back(world, &mut service, &id);
    world.services.insert(name, service);
    Ok(json!({ "serviceDeploymentArn": wanted }))
}

pub(super) fn proceed(world: &mut World, body: &Value) -> Result<Value, Refusal> {
    let fields = Fields::of(body, &["serviceDeploymentArn", "hookId", "action"])?;
    let wanted = fields.need("serviceDeploymentArn")?.to_owned();
    let (name, id) = world.goes_on(&wanted)?;
    if fields.need("hookId")? != HOOK || fields.need("action")? != "CONTINUE" {
        return Err(Refusal::invalid("the fake knows one hook, and lets it go on"));
    }
    let service = world.service(&name);
    let past = service.past.iter_mut().find(|past| past.deployment == id);
    match past.filter(|past| past.progress.hook == Some("AWAITING_ACTION")) {
        Some(past) => past.progress.hook = Some("SUCCEEDED"),
        None => return Err(Refusal::new("ConflictException", "The hook awaits no action.")),
    }
    Ok(json!({ "serviceDeploymentArn": wanted }))
}

impl World {
    /// The service and the deployment of a record that goes on.
    fn goes_on(&self, wanted: &str) -> Result<(String, String), Refusal> {
        let mut all = self
            .services
            .iter()
            .flat_map(|(name, service)| service.past.iter().map(move |past| (name, past)));
        let Some((name, past)) = all.find(|(name, past)| arn(self, name, past) == wanted) else {
            let message = "Service deployment not found.";
            return Err(Refusal::new("ServiceDeploymentNotFoundException", message));
        };
        if !matches!(past.status, "PENDING" | "IN_PROGRESS") {
            let message = "The service deployment has come to an end.";
            return Err(Refusal::new("ConflictException", message));
        }
        Ok((name.clone(), past.deployment.clone()))
    }
}
