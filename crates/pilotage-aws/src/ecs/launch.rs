//! Tasks that are started for themselves, and stopped.
//!
//! What a launch has in common with a service (its network, its capacity) is copied as it was told, so
//! that nothing that is younger than the SDK is lost on the way.

use std::collections::BTreeMap;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::ask::Absence;
use super::{Ecs, Task, once};
use crate::failure::{Call, Failure, failed};
use crate::raw::Raw;

/// One task to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// In which cluster.
    pub cluster: String,
    /// Its task definition, by its ARN.
    pub task_definition: String,
    /// Who starts it, by which it is found again; ECS calls this `startedBy`.
    pub started_by: String,
    /// What tells a repetition from another launch, for a day or so.
    pub token: String,
    /// Tags of the task.
    pub tags: BTreeMap<String, String>,
    /// What is other than in the task definition, as the API writes it.
    pub overrides: Value,
    /// Where it runs: network, launch type or capacity providers, as the API writes them.
    pub place: Map<String, Value>,
}

/// What came of a launch that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Launched {
    /// The task, if there is one.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// Why there is none.
    #[serde(default, rename = "failures")]
    pub shortages: Vec<Shortage>,
}

/// Why a task has no place: such as `RESOURCE:MEMORY`, `AGENT` or an exhausted capacity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Absence")]
pub struct Shortage {
    /// On which container instance; often nobody's.
    pub arn: Option<String>,
    /// Why, in ECS's word.
    pub reason: String,
    /// More of it.
    pub detail: Option<String>,
}

impl From<Absence> for Shortage {
    fn from(Absence { arn, reason, detail }: Absence) -> Self {
        Self { arn, reason: reason.unwrap_or_else(|| "no reason is given".into()), detail }
    }
}

#[derive(Deserialize)]
struct Stopped {
    task: Task,
}

impl Ecs {
    /// Starts a task. It is sent once: an answer that is lost says nothing about the task.
    pub async fn launch(&self, launch: &Launch) -> Result<Launched, Failure> {
        let Launch { cluster, task_definition, .. } = launch;
        let on = format!("`{task_definition}` in the cluster `{cluster}`");
        let call = || Call::new("ecs:RunTask", on.clone());
        let (body, raw) = (body(launch), Raw::default());
        let asked = self.client.run_task().cluster(cluster).task_definition(task_definition);
        let asked = asked.client_token(&launch.token).customize().config_override(once());
        let asked = asked.interceptor(raw.clone());
        let asked = asked.mutate_request(move |request| replace(request, &body));
        asked.send().await.map_err(|error| failed(call(), error))?;
        super::ask::read(&raw.take()).map_err(|said| Failure::unreadable(call(), said))
    }

    /// Asks a task to end, which may be repeated. The containers get their time to do so.
    pub async fn stop(&self, cluster: &str, arn: &str, reason: &str) -> Result<Task, Failure> {
        let call = Call::new("ecs:StopTask", format!("`{arn}`"));
        let asked = self.client.stop_task().cluster(cluster).task(arn).reason(reason);
        let Stopped { task } = super::ask::sent!(call, asked)?;
        Ok(task)
    }

    /// The ARNs of the tasks that somebody has started, those that have ended included; ECS forgets
    /// these after about an hour. What is listed need not be described yet.
    pub async fn started_by(&self, cluster: &str, starter: &str) -> Result<Vec<String>, Failure> {
        let mut arns = self.listed(cluster, starter, false).await?;
        // One that ends between the two looks is in the second.
        arns.extend(self.listed(cluster, starter, true).await?);
        arns.sort();
        arns.dedup();
        Ok(arns)
    }
}

fn body(launch: &Launch) -> Vec<u8> {
    let Launch { cluster, task_definition, started_by, token, tags, overrides, place } = launch;
    let tags = tags.iter().map(|(key, value)| json!({ "key": key, "value": value }));
    let own = json!({
        "cluster": cluster,
        "taskDefinition": task_definition,
        "startedBy": started_by,
        "clientToken": token,
        "count": 1,
        "tags": tags.collect::<Value>(),
        "overrides": overrides,
    });
    let mut body = place.clone();
    body.extend(own.as_object().cloned().unwrap_or_default());
    Value::Object(body).to_string().into_bytes()
}

/// Puts another body in the place of the one that the SDK has written, before it is signed.
pub(super) fn replace(request: &mut HttpRequest, body: &[u8]) {
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
}
