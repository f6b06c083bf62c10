//! What was deployed before, as ECS keeps it: the only record that tells success from an attempt.

use pilotage_rollout::Moment;
use serde::Deserialize;

use super::ask::asked;
use super::time::moment;
use super::{Ecs, ServiceName, call};
use crate::failure::Failure;

/// The most that one call describes.
const MOST: i32 = 20;

/// A deployment that was.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PastDeployment {
    /// Its ARN.
    #[serde(rename = "serviceDeploymentArn")]
    pub arn: String,
    /// What became of it.
    #[serde(rename = "status")]
    pub state: PastState,
    /// Why.
    #[serde(default)]
    pub status_reason: Option<String>,
    /// When it was asked for, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub created_at: Option<Moment>,
    /// The ARN of the service revision that it was to bring.
    #[serde(default, rename = "targetServiceRevisionArn")]
    pub target: String,
}

/// What became of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum PastState {
    /// It was completed. Nothing else is a success.
    Successful,
    /// It goes on, forward.
    Underway,
    /// It was stopped, or overtaken by a newer one.
    Stopped,
    /// It is taken back, or was.
    RolledBack,
    /// It is neither here nor there: taking it back failed.
    RollbackFailed,
    /// Something that is younger than this crate.
    Other(String),
}

impl From<String> for PastState {
    fn from(text: String) -> Self {
        match text.as_str() {
            "SUCCESSFUL" => Self::Successful,
            "PENDING" | "IN_PROGRESS" => Self::Underway,
            "STOPPED" | "STOP_REQUESTED" => Self::Stopped,
            "ROLLBACK_REQUESTED" | "ROLLBACK_IN_PROGRESS" | "ROLLBACK_SUCCESSFUL" => {
                Self::RolledBack
            }
            "ROLLBACK_FAILED" => Self::RollbackFailed,
            _ => Self::Other(text),
        }
    }
}

/// A state of a service that was deployed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// Its ARN.
    #[serde(rename = "serviceRevisionArn")]
    pub arn: String,
    /// The ARN of the task definition.
    pub task_definition: String,
    /// The images that ran, by digest.
    #[serde(default)]
    pub container_images: Vec<RunningImage>,
}

/// An image that ran.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunningImage {
    /// In which container.
    pub container_name: String,
    /// As the task definition names it.
    #[serde(default)]
    pub image: String,
    /// What that was.
    #[serde(default)]
    pub image_digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    service_deployments: Vec<PastDeployment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    #[serde(default)]
    service_revisions: Vec<Revision>,
}

impl Ecs {
    /// The last twenty deployments of the service, newest first.
    pub async fn history(&self, name: &ServiceName) -> Result<Vec<PastDeployment>, Failure> {
        let asked = self.client.list_service_deployments().cluster(name.cluster());
        let asked = asked.service(name.service()).max_results(MOST);
        let Listed { mut service_deployments } =
            asked!(call("ecs:ListServiceDeployments", name), asked)?;
        service_deployments.sort_by_key(|past| std::cmp::Reverse(past.created_at));
        Ok(service_deployments)
    }

    /// These states of the service, twenty at most, those that are still known.
    pub async fn revisions(
        &self,
        name: &ServiceName,
        arns: &[String],
    ) -> Result<Vec<Revision>, Failure> {
        let arns = arns.iter().take(usize::try_from(MOST).unwrap_or(0)).cloned().collect();
        let asked = self.client.describe_service_revisions().set_service_revision_arns(Some(arns));
        let answer: Described = asked!(call("ecs:DescribeServiceRevisions", name), asked)?;
        Ok(answer.service_revisions)
    }
}
