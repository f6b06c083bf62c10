//! Services: looking at them, and having them changed.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::ServiceField;
use pilotage_rollout::Moment;
use serde::Deserialize;
use serde_json::Value;

use super::ask::{Absence, asked, sent};
use super::deployment::{Deployment, Standing};
use super::tagging::labels;
use super::time::moment;
use super::{Ecs, ServiceName, call};
use crate::failure::{Call, Failure, Kind};

/// The most services that one call describes.
const MOST: usize = 10;

/// A service as it was described.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Its ARN.
    #[serde(rename = "serviceArn")]
    pub arn: String,
    /// Its name in its cluster.
    #[serde(rename = "serviceName")]
    pub name: String,
    /// `ACTIVE`, or what becomes of a service that is deleted.
    #[serde(default)]
    pub status: String,
    /// How many tasks there shall be.
    #[serde(default)]
    pub desired_count: u32,
    /// How many run, of all deployments.
    #[serde(default)]
    pub running_count: u32,
    /// The task definition that it was asked to run last.
    #[serde(default)]
    pub task_definition: Option<String>,
    /// What ECS makes of it.
    #[serde(default)]
    pub deployments: Vec<Deployment>,
    /// What happened lately, newest first.
    #[serde(default)]
    pub events: Vec<Event>,
    /// When it was made, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub created_at: Option<Moment>,
    /// Its tags.
    #[serde(default, deserialize_with = "labels")]
    pub tags: BTreeMap<String, String>,
    /// Everything that was told, for what is copied from a service as it stands, such as its network.
    #[serde(skip)]
    pub told: Value,
}

/// Something that happened to a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its id, by which repetitions are told.
    pub id: String,
    /// When, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub created_at: Option<Moment>,
    /// What.
    pub message: String,
}

/// What to change of a service. Nothing else is sent, so that nothing else is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The task definition to run, by its ARN; left alone if absent.
    pub task_definition: Option<String>,
    /// Whether to deploy it although the service has it already.
    pub force: bool,
    /// How many tasks there shall be; left alone if absent.
    pub desired_count: Option<u32>,
}

impl Service {
    /// What ECS is making of it.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.iter().find(|deployment| deployment.standing == Standing::Primary)
    }

    /// How many tasks it has, of all deployments.
    pub fn running_and_pending(&self) -> u32 {
        self.deployments.iter().map(|one| one.running_count + one.pending_count).sum()
    }

    /// Who decides how it is deployed: `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    pub fn controller(&self) -> &str {
        let told = self.told.pointer("/deploymentController/type").and_then(Value::as_str);
        told.unwrap_or("ECS")
    }
}

#[derive(Deserialize)]
struct Many {
    #[serde(default)]
    services: Vec<Value>,
    #[serde(default)]
    failures: Vec<Absence>,
}

#[derive(Deserialize)]
struct One {
    service: Value,
}

impl Ecs {
    /// The service with its tags.
    pub async fn service(&self, name: &ServiceName) -> Result<Service, Failure> {
        let found = self.services(name.cluster(), &[name.service()]).await?;
        let found = found.into_iter().find(|service| service.name == name.service());
        found.ok_or_else(|| missing(name, "MISSING"))
    }

    /// These services of one cluster with their tags, those that are there, ten with each call.
    pub async fn services(&self, cluster: &str, names: &[&str]) -> Result<Vec<Service>, Failure> {
        let mut found = Vec::with_capacity(names.len());
        for names in names.chunks(MOST) {
            found.extend(self.up_to_ten(cluster, names).await?);
        }
        Ok(found)
    }

    async fn up_to_ten(&self, cluster: &str, names: &[&str]) -> Result<Vec<Service>, Failure> {
        let call = Call::new("ecs:DescribeServices", format!("the cluster `{cluster}`"));
        let asked = self.client.describe_services().cluster(cluster).include(ServiceField::Tags);
        let asked = asked.set_services(Some(names.iter().map(ToString::to_string).collect()));
        let Many { services, failures } = asked!(call.clone(), asked)?;
        let absent = |reason: &Absence| reason.reason.as_deref() == Some("MISSING");
        if let Some(other) = failures.into_iter().find(|failure| !absent(failure)) {
            return Err(Failure::told(call, Kind::Refused, other.reason, other.detail));
        }
        let services: Result<_, _> = services.into_iter().map(service).collect();
        services.map_err(|said| Failure::unreadable(call, said))
    }

    /// Changes the service. The answer says what ECS has begun to make of it.
    pub async fn update(&self, name: &ServiceName, change: &Change) -> Result<Service, Failure> {
        let asked = self.client.update_service().cluster(name.cluster()).service(name.service());
        let asked = asked.set_task_definition(change.task_definition.clone());
        let asked = asked.set_force_new_deployment(change.force.then_some(true));
        let desired = change.desired_count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
        let asked = asked.set_desired_count(desired);
        let call = || call("ecs:UpdateService", name);
        let One { service: told } = sent!(call(), asked)?;
        service(told).map_err(|said| Failure::unreadable(call(), said))
    }
}

fn service(told: Value) -> Result<Service, String> {
    let service = Service::deserialize(&told).map_err(|error| error.to_string())?;
    Ok(Service { told, ..service })
}

fn missing(name: &ServiceName, reason: &str) -> Failure {
    let call = call("ecs:DescribeServices", name);
    Failure::told(call, Kind::Missing, Some(reason.into()), None)
}
