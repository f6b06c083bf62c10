//! One run of a task, as it is asked for.

use std::collections::BTreeMap;

use pilotage_aws::ecs::{Launch, Task};
use pilotage_rollout::Span;
use serde_json::Value;

use crate::images::{NoContainer, has};
use crate::{Overrides, Recipe, RunName};

/// The tag that holds the token of a run.
const TOKEN: &str = "pilotage:token";
/// The most that ECS takes of overrides, in characters.
const LONGEST: usize = 8_192;
/// How long a container has to end if its task definition does not say.
const STOP_TIMEOUT: Span = Span::from_secs(30);

/// One run of a task. What it names is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub(crate) launch: Launch,
    pub(crate) recipe: Recipe,
    /// The containers whose exit codes count.
    pub(crate) counted: Vec<String>,
}

/// What cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// There is no such container.
    #[error(transparent)]
    NoContainer(#[from] NoContainer),
    /// ECS would refuse it.
    #[error(
        "the overrides have {length} characters, and ECS takes {LONGEST}: put what is long into the \
         task definition or into the image"
    )]
    TooLong {
        /// How long they are.
        length: usize,
    },
    /// No container's end would end the task.
    #[error("the task definition `{family}` has no essential container: name the one that counts")]
    NothingCounts {
        /// Which.
        family: String,
    },
}

impl Order {
    /// A run of this name. The exit codes of all essential containers count, or that of the one that
    /// is named here.
    pub fn new(
        name: &RunName,
        recipe: &Recipe,
        overrides: &Overrides,
        container: Option<&str>,
    ) -> Result<Self, OrderError> {
        let draft = recipe.draft();
        let named = overrides.containers.keys().map(String::as_str).chain(container);
        named.into_iter().try_for_each(|name| has(draft, name))?;
        let counted = match container {
            Some(container) => vec![container.to_owned()],
            None => essentials(recipe),
        };
        if counted.is_empty() {
            return Err(OrderError::NothingCounts { family: draft.family().into() });
        }
        let overrides = overrides.document();
        let length = overrides.to_string().chars().count();
        if length > LONGEST {
            return Err(OrderError::TooLong { length });
        }
        let token = name.token(&recipe.cluster);
        let launch = Launch {
            cluster: recipe.cluster.clone(),
            task_definition: recipe.definition.arn.clone(),
            started_by: name.to_string(),
            tags: BTreeMap::from([(TOKEN.to_owned(), token.clone())]),
            token,
            overrides,
            place: recipe.place.clone(),
        };
        Ok(Self { launch, recipe: recipe.clone(), counted })
    }

    /// Whether this is the task of this run. One whose tags are kept from us is told by who started it.
    pub(crate) fn is_of(&self, task: &Task) -> bool {
        let is_ours = |token: &String| *token == self.launch.token;
        task.started_by.as_deref() == Some(&*self.launch.started_by)
            && task.tags.get(TOKEN).is_none_or(is_ours)
    }

    /// How long its containers have to end once they are told to.
    pub(crate) fn stop_timeout(&self) -> Span {
        let timeout = |container: &Value| container.get("stopTimeout").and_then(Value::as_u64);
        let longest = containers(&self.recipe).filter_map(timeout).max();
        longest.map_or(STOP_TIMEOUT, Span::from_secs).max(STOP_TIMEOUT)
    }
}

/// The containers whose end ends the task, which is all that do not say otherwise.
fn essentials(recipe: &Recipe) -> Vec<String> {
    let is_essential =
        |container: &&Value| container.get("essential").and_then(Value::as_bool).unwrap_or(true);
    let name = |container: &Value| Some(container.get("name")?.as_str()?.to_owned());
    containers(recipe).filter(is_essential).filter_map(name).collect()
}

fn containers(recipe: &Recipe) -> impl Iterator<Item = &Value> {
    let containers = recipe.draft().document().get("containerDefinitions");
    containers.and_then(Value::as_array).into_iter().flatten()
}
