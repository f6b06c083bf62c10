//! Deployments that ECS itself leads through stages (`BLUE_GREEN`, `LINEAR`, `CANARY`): looked at, let on
//! from a hook, taken back.
//!
//! The SDK knows neither hooks that wait nor the call that lets one go on. Both are said in the same
//! protocol as everything else, so the call goes out in the place of one that it knows.

use aws_sdk_ecs::types::StopServiceDeploymentStopType;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use pilotage_rollout::Moment;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ask::asked;
use super::time::moment;
use super::{Ecs, PastState, Service, ServiceName, call, once};
use crate::failure::{Failure, Kind, failed};

/// What lets a deployment go on, as the protocol names it.
const CONTINUE: &str = "AmazonEC2ContainerServiceV20141113.ContinueServiceDeployment";

/// A deployment in stages, as it was described.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StagedDeployment {
    /// Its ARN.
    #[serde(rename = "serviceDeploymentArn")]
    pub arn: String,
    /// What became of it.
    #[serde(rename = "status")]
    pub state: PastState,
    /// Why.
    #[serde(default)]
    pub status_reason: Option<String>,
    /// Where it is; stages are ECS's words, and may be younger than this crate.
    #[serde(default, rename = "lifecycleStage")]
    pub stage: Option<String>,
    /// Where it waits, or has waited.
    #[serde(default, rename = "lifecycleHookDetails")]
    pub hooks: Vec<Hook>,
    /// What it brings, and what share of the requests that gets.
    #[serde(default, rename = "targetServiceRevision")]
    pub target: Option<Weighted>,
}

/// A place where a deployment waits for a word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// Its id.
    #[serde(rename = "hookId")]
    pub id: String,
    /// How far it is: `AWAITING_ACTION` is the one that wants a word.
    #[serde(default)]
    pub status: String,
    /// Until when, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub expires_at: Option<Moment>,
    /// What ECS does then.
    #[serde(default)]
    pub timeout_action: Option<String>,
}

/// What share of the requests a state of the service is to get.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weighted {
    /// The ARN of the service revision.
    #[serde(default)]
    pub arn: String,
    /// In percent.
    #[serde(default, rename = "requestedProductionTrafficWeight")]
    pub percent: Option<f64>,
}

impl Service {
    /// How ECS deploys it: `ROLLING`, or in stages.
    pub fn strategy(&self) -> &str {
        let told = self.told.pointer("/deploymentConfiguration/strategy").and_then(Value::as_str);
        told.unwrap_or("ROLLING")
    }
}

impl StagedDeployment {
    /// The hook that wants a word.
    pub fn waits_at(&self) -> Option<&Hook> {
        self.hooks.iter().find(|hook| hook.status == "AWAITING_ACTION")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    #[serde(default)]
    service_deployments: Vec<StagedDeployment>,
}

impl Ecs {
    /// A deployment of the service, by its ARN.
    pub async fn staged(&self, name: &ServiceName, arn: &str) -> Result<StagedDeployment, Failure> {
        let call = call("ecs:DescribeServiceDeployments", name);
        let asked = self.client.describe_service_deployments().service_deployment_arns(arn);
        let Described { service_deployments } = asked!(call.clone(), asked)?;
        let found = service_deployments.into_iter().find(|one| one.arn == arn);
        found.ok_or_else(|| Failure::told(call, Kind::Missing, None, None))
    }

    /// Lets a deployment go on from a hook.
    pub async fn proceed(&self, name: &ServiceName, arn: &str, hook: &str) -> Result<(), Failure> {
        let body = json!({ "serviceDeploymentArn": arn, "hookId": hook, "action": "CONTINUE" });
        let asked = self.client.stop_service_deployment().service_deployment_arn(arn).customize();
        let asked = asked.config_override(once());
        let sent = asked.mutate_request(move |request| replace(request, &body)).send().await;
        let call = call("ecs:ContinueServiceDeployment", name);
        sent.map(|_| ()).map_err(|error| failed(call, error))
    }

    /// Has ECS take a deployment back.
    pub async fn take_back(&self, name: &ServiceName, arn: &str) -> Result<(), Failure> {
        let asked = self.client.stop_service_deployment().service_deployment_arn(arn);
        let asked = asked.stop_type(StopServiceDeploymentStopType::Rollback);
        let sent = asked.customize().config_override(once()).send().await;
        let call = call("ecs:StopServiceDeployment", name);
        sent.map(|_| ()).map_err(|error| failed(call, error))
    }
}

/// Says something else in the place of what was to be said; it is signed afterwards.
fn replace(request: &mut HttpRequest, body: &Value) {
    let body = body.to_string();
    let headers = request.headers_mut();
    headers.insert("x-amz-target", CONTINUE);
    headers.insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
}
