//! What a task is made from: a task definition, and the place of a service to run it in.
//!
//! `RunTask` inherits nothing of a service, not even its network. All of it is copied from the service
//! as it stands now, so that a task reaches what the service reaches.

use pilotage_aws::Failure;
use pilotage_aws::ecs::{Draft, Ecs, Service, ServiceName, TaskDefinition};
use serde_json::{Map, Value};

use crate::content;
use crate::images::{Images, NoContainer, with_images};

/// The most revisions that are looked through for one that has the images already.
const SEARCHED: u8 = 10;

/// What a task is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    pub(crate) cluster: String,
    pub(crate) definition: TaskDefinition,
    pub(crate) place: Map<String, Value>,
}

/// There is nothing that a task could be made from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// It cannot be read or registered.
    #[error(transparent)]
    Aws(#[from] Failure),
    /// The service runs nothing.
    #[error(
        "the service `{service}` is {status} and has no task definition: name one, or create it"
    )]
    NothingRuns {
        /// Which.
        service: ServiceName,
        /// What it is.
        status: String,
    },
    /// There is no such container.
    #[error(transparent)]
    NoContainer(#[from] NoContainer),
}

impl Recipe {
    /// What the service runs, where it runs it. Two reads.
    pub async fn of_service(ecs: &Ecs, name: &ServiceName) -> Result<Self, RecipeError> {
        let service = ecs.service(name).await?;
        let runs = service.primary().map(|primary| primary.task_definition.clone());
        let Some(arn) = runs.or_else(|| service.task_definition.clone()) else {
            let (service, status) = (name.clone(), service.status);
            return Err(RecipeError::NothingRuns { service, status });
        };
        let definition = ecs.definition(&arn).await?;
        Ok(Self { cluster: name.cluster().into(), definition, place: place(&service) })
    }

    /// Another task definition in the same place, by ARN, by `family:revision`, or by its family for
    /// the newest revision at this moment. One read.
    pub async fn running(self, ecs: &Ecs, definition: &str) -> Result<Self, RecipeError> {
        Ok(Self { definition: ecs.definition(definition).await?, ..self })
    }

    /// The same with these images. A revision that has them already is used; else one is registered,
    /// for `RunTask` cannot change an image.
    pub async fn with_images(self, ecs: &Ecs, images: &Images) -> Result<Self, RecipeError> {
        let draft = with_images(self.definition.draft.clone(), images)?;
        let wanted = content::digest(&draft);
        if wanted == content::digest(&self.definition.draft) {
            return Ok(self);
        }
        for arn in ecs.revisions_of(draft.family(), SEARCHED).await? {
            let definition = ecs.definition(&arn).await?;
            if content::digest(&definition.draft) == wanted {
                return Ok(Self { definition, ..self });
            }
        }
        Ok(Self { definition: ecs.register(&draft, &self.definition.tags).await?, ..self })
    }

    /// The cluster.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The ARN of the task definition.
    pub fn definition(&self) -> &str {
        &self.definition.arn
    }

    pub(crate) const fn draft(&self) -> &Draft {
        &self.definition.draft
    }
}

/// Where the service runs, as a launch says it. Capacity providers exclude a launch type, and spreading
/// rules have no meaning for a single task.
fn place(service: &Service) -> Map<String, Value> {
    let told = |name: &str| service.told.get(name).filter(|value| !is_nothing(value)).cloned();
    let capacity = match told("capacityProviderStrategy") {
        Some(strategy) => Some(("capacityProviderStrategy", strategy)),
        None => told("launchType").map(|launch| ("launchType", launch)),
    };
    let same = ["networkConfiguration", "platformVersion"];
    let same = same.into_iter().filter_map(|name| Some((name, told(name)?)));
    let constraints = told("placementConstraints").and_then(|all| {
        let is_of_hosts = |one: &&Value| one.get("type").is_some_and(|kind| kind == "memberOf");
        let kept: Vec<Value> = all.as_array()?.iter().filter(is_of_hosts).cloned().collect();
        (!kept.is_empty()).then_some(("placementConstraints", Value::Array(kept)))
    });
    let all = same.chain(capacity).chain(constraints);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(told: Value) -> Value {
        let named = json!({ "serviceArn": "a", "serviceName": "web" });
        let mut service: Service = serde_json::from_value(named).expect("a service");
        service.told = told;
        Value::Object(place(&service))
    }

    #[test]
    fn capacity_providers_exclude_a_launch_type() {
        let network = json!({ "awsvpcConfiguration": { "subnets": ["a"], "invented": 1 } });
        let spot = json!([{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }]);
        let told = json!({ "launchType": "FARGATE", "platformVersion": "1.4.0",
            "networkConfiguration": network, "capacityProviderStrategy": spot, "desiredCount": 3 });
        let taken = json!({ "networkConfiguration": network, "platformVersion": "1.4.0",
            "capacityProviderStrategy": spot });
        assert_eq!(of(told), taken);
    }

    #[test]
    fn what_is_about_several_tasks_is_left_out() {
        let told = json!({ "launchType": "EC2", "platformVersion": "", "placementConstraints": [
            { "type": "distinctInstance" }, { "type": "memberOf", "expression": "x" }] });
        let taken = json!({ "launchType": "EC2",
            "placementConstraints": [{ "type": "memberOf", "expression": "x" }] });
        assert_eq!(of(told), taken);
    }
}
