//! Deployments of a service: what ECS is making of it.

use std::fmt::{self, Display, Formatter};

use pilotage_rollout::Moment;
use serde::Deserialize;

use super::time::moment;

/// The id of a deployment, such as `ecs-svc/1234567890123456789`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct DeploymentId(String);

impl DeploymentId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for DeploymentId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl Display for DeploymentId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One deployment of a service, as it is listed there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// Its place among the deployments.
    #[serde(rename = "status")]
    pub standing: Standing,
    /// The ARN of the task definition that it runs.
    pub task_definition: String,
    /// How many tasks there shall be.
    #[serde(default)]
    pub desired_count: u32,
    /// How many are on their way.
    #[serde(default)]
    pub pending_count: u32,
    /// How many run.
    #[serde(default)]
    pub running_count: u32,
    /// How many failed in a row; one that comes up resets it.
    #[serde(default)]
    pub failed_tasks: u32,
    /// When it began, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub created_at: Option<Moment>,
    /// How far it is; absent where ECS does not drive it itself.
    #[serde(default)]
    pub rollout_state: Option<RolloutState>,
    /// Why it is so.
    #[serde(default)]
    pub rollout_state_reason: Option<String>,
}

/// The place of a deployment among those of its service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Standing {
    /// What the service is to become.
    Primary,
    /// What still has tasks.
    Active,
    /// What has none.
    Inactive,
    /// Something that is younger than this crate.
    Other(String),
}

/// How far a deployment is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum RolloutState {
    /// It goes on.
    InProgress,
    /// It has reached a steady state.
    Completed,
    /// It was given up.
    Failed,
    /// Something that is younger than this crate; it is neither success nor failure.
    Other(String),
}

impl From<String> for Standing {
    fn from(text: String) -> Self {
        match text.as_str() {
            "PRIMARY" => Self::Primary,
            "ACTIVE" => Self::Active,
            "INACTIVE" => Self::Inactive,
            _ => Self::Other(text),
        }
    }
}

impl From<String> for RolloutState {
    fn from(text: String) -> Self {
        match text.as_str() {
            "IN_PROGRESS" => Self::InProgress,
            "COMPLETED" => Self::Completed,
            "FAILED" => Self::Failed,
            _ => Self::Other(text),
        }
    }
}
