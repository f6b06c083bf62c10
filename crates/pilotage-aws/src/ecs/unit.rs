//! Tasks as they are seen: what runs, and why something no longer does.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{DesiredStatus, TaskField};
use pilotage_rollout::Moment;
use serde::Deserialize;

use super::ask::{Absence, asked};
use super::tagging::labels;
use super::time::moment;
use super::{DeploymentId, Ecs};
use crate::failure::{Call, Failure};

/// The most tasks that one call describes.
const MOST: usize = 100;

/// A task as it was described.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Its ARN.
    #[serde(rename = "taskArn")]
    pub arn: String,
    /// The ARN of its task definition.
    #[serde(default, rename = "taskDefinitionArn")]
    pub task_definition: String,
    /// Where in its life it is.
    #[serde(default)]
    pub last_status: String,
    /// What it is to become.
    #[serde(default)]
    pub desired_status: String,
    /// Who started it: a deployment's id, for one of a service.
    #[serde(default)]
    pub started_by: Option<String>,
    /// What kind of end it came to, such as `TaskFailedToStart`.
    #[serde(default)]
    pub stop_code: Option<String>,
    /// Why, in ECS's words.
    #[serde(default)]
    pub stopped_reason: Option<String>,
    /// When it was asked for, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub created_at: Option<Moment>,
    /// When its containers came to their end, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub execution_stopped_at: Option<Moment>,
    /// When it came to its end, by the server's clock.
    #[serde(default, deserialize_with = "moment")]
    pub stopped_at: Option<Moment>,
    /// Its tags.
    #[serde(default, deserialize_with = "labels")]
    pub tags: BTreeMap<String, String>,
    /// Its containers, in no order that means anything.
    #[serde(default)]
    pub containers: Vec<Container>,
}

/// A container of a task.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Its name in the task definition.
    #[serde(default)]
    pub name: String,
    /// The code with which it ended. One that never started has none, which is not zero.
    #[serde(default)]
    pub exit_code: Option<i32>,
    /// Why it ended or did not start, in ECS's words.
    #[serde(default)]
    pub reason: Option<String>,
    /// The image as the task definition names it.
    #[serde(default)]
    pub image: Option<String>,
    /// The digest of the image that it runs.
    #[serde(default)]
    pub image_digest: Option<String>,
}

impl Task {
    /// The last part of its ARN.
    pub fn id(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    task_arns: Vec<String>,
}

#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    tasks: Vec<Task>,
    /// Those that are forgotten already are no failure: there is nothing to be learned from them.
    #[serde(default, rename = "failures")]
    _failures: Vec<Absence>,
}

impl Ecs {
    /// Tasks of a deployment that came to an end lately, a hundred at most; ECS forgets them after
    /// about an hour.
    pub async fn stopped(
        &self,
        cluster: &str,
        deployment: &DeploymentId,
    ) -> Result<Vec<Task>, Failure> {
        let task_arns = self.listed(cluster, deployment.as_str(), true).await?;
        self.tasks(cluster, &task_arns).await
    }

    /// The newest tasks that somebody has started, a hundred at most; who started them is the only
    /// thing that ECS lets one ask for beside the state.
    pub(super) async fn listed(
        &self,
        cluster: &str,
        starter: &str,
        stopped: bool,
    ) -> Result<Vec<String>, Failure> {
        let call = Call::new("ecs:ListTasks", format!("what `{starter}` has started"));
        let status = if stopped { DesiredStatus::Stopped } else { DesiredStatus::Running };
        let asked = self.client.list_tasks().cluster(cluster).started_by(starter);
        let Listed { task_arns } = asked!(call, asked.desired_status(status))?;
        Ok(task_arns)
    }

    /// These tasks, those that are still known.
    pub async fn tasks(&self, cluster: &str, arns: &[String]) -> Result<Vec<Task>, Failure> {
        let mut tasks = Vec::with_capacity(arns.len());
        for arns in arns.chunks(MOST) {
            let call = Call::new("ecs:DescribeTasks", format!("the cluster `{cluster}`"));
            let asked = self.client.describe_tasks().cluster(cluster).include(TaskField::Tags);
            let answer: Described = asked!(call, asked.set_tasks(Some(arns.to_vec())))?;
            tasks.extend(answer.tasks);
        }
        Ok(tasks)
    }
}
