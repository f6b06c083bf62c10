//! Workers of migrations as one-off tasks.
//!
//! The worker in the container takes the lease over from the job that had it started, by its ticket, and
//! goes on without that job. A later job finds the task by the name of the attempt, which the record of
//! the lease holds.
//!
//! The database does not have to be within reach of the job, nor the job within that of the database.

mod listening;

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use async_trait::async_trait;
use pilotage_aws::ecs::{ServiceName, Task};
use pilotage_lease::OwnerId;
use pilotage_migration::saga::runner::{Assignment, Heard, Life, NotStarted, Runner, Words};
use pilotage_rollout::Span;
use tokio::sync::{Mutex, OnceCell};

use crate::images::Images;
use crate::listen::Listener;
use crate::recipe::RecipeError;
use crate::runner::listening::Listening;
use crate::{
    ContainerOverride, Ended, Order, OrderError, Outcome, Overrides, Recipe, RunName, StartError,
    Tasks,
};

/// Where the workers of a migration run, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Berth {
    /// In whose place.
    pub service: ServiceName,
    /// From which task definition; that of the service if absent.
    pub definition: Option<String>,
    /// With which images; those of the task definition for containers that are not named.
    pub images: Images,
    /// In which container.
    pub container: String,
    /// The program, with its first arguments, that takes `--ticket` and `--set`, and then the rest.
    pub worker: Vec<String>,
    /// The rest.
    pub rest: Vec<String>,
}

/// Starts workers as one-off tasks.
pub struct EcsRunner {
    tasks: Tasks,
    berth: Berth,
    recipe: OnceCell<Recipe>,
    attempts: Mutex<BTreeMap<OwnerId, Attempt>>,
}

/// A worker that was seen.
#[derive(Debug)]
struct Attempt {
    arn: String,
    /// Its last description, once it has ended.
    ended: Option<Task>,
    ear: Option<Listening>,
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Start(#[from] StartError),
}

impl EcsRunner {
    /// Workers in this place. Nothing is asked yet.
    pub fn new(tasks: Tasks, berth: Berth) -> Self {
        Self { tasks, berth, recipe: OnceCell::new(), attempts: Mutex::default() }
    }

    async fn recipe(&self) -> Result<&Recipe, RecipeError> {
        let Berth { service, definition, images, .. } = &self.berth;
        let made = self.recipe.get_or_try_init(async || {
            let recipe = Recipe::of_service(&self.tasks.ecs, service).await?;
            let recipe = match definition {
                Some(definition) => recipe.running(&self.tasks.ecs, definition).await?,
                None => recipe,
            };
            recipe.with_images(&self.tasks.ecs, images).await
        });
        made.await
    }

    async fn order(&self, attempt: OwnerId, command: Vec<String>) -> Result<Order, Trouble> {
        let recipe = self.recipe().await?;
        let container = self.berth.container.clone();
        let other = ContainerOverride { command: Some(command), ..ContainerOverride::default() };
        let containers = BTreeMap::from([(container.clone(), other)]);
        let overrides = Overrides { containers, ..Overrides::default() };
        Ok(Order::new(&name(attempt), recipe, &overrides, Some(&container))?)
    }

    async fn launch(&self, assignment: &Assignment) -> Result<(), Trouble> {
        let attempt = assignment.ticket.owner;
        let Berth { worker, rest, .. } = &self.berth;
        let told = ["--ticket".into(), assignment.ticket.to_string(), "--set".into()];
        let told = told.into_iter().chain([assignment.set.to_string()]);
        let command = worker.iter().cloned().chain(told).chain(rest.iter().cloned()).collect();
        let order = self.order(attempt, command).await?;
        let started = self.tasks.start(&order).await?;
        self.attempts.lock().await.entry(attempt).or_insert_with(|| Attempt::new(started.arn));
        Ok(())
    }

    /// What is known of the worker of this attempt, looked up if an earlier process had it started.
    async fn seen(&self, attempt: OwnerId) -> Result<Task, String> {
        let (arn, ended) = {
            let attempts = self.attempts.lock().await;
            let known = attempts.get(&attempt);
            (known.map(|known| known.arn.clone()), known.and_then(|known| known.ended.clone()))
        };
        if let Some(task) = ended {
            return Ok(task);
        }
        let (ecs, cluster) = (&self.tasks.ecs, self.berth.service.cluster());
        let arns = if let Some(arn) = arn {
            vec![arn]
        } else {
            let listed = ecs.started_by(cluster, name(attempt).as_str()).await;
            listed.map_err(|failure| failure.to_string())?
        };
        if arns.is_empty() {
            return Err(format!("no task in `{cluster}` has the name `{}`", name(attempt)));
        }
        let told = ecs.tasks(cluster, &arns).await.map_err(|failure| failure.to_string())?;
        let first = told.into_iter().min_by_key(|task| task.created_at);
        let task = first.ok_or_else(|| format!("ECS does not show `{}` now", arns.join(", ")))?;
        let mut attempts = self.attempts.lock().await;
        let known = attempts.entry(attempt).or_insert_with(|| Attempt::new(task.arn.clone()));
        if task.last_status == "STOPPED" {
            known.ended = Some(task.clone());
        }
        Ok(task)
    }

    /// Listens to the worker, and gives what comes after this.
    async fn listened(&self, attempt: OwnerId, since: Heard) -> Option<Words> {
        let task = self.seen(attempt).await.ok()?;
        let mut attempts = self.attempts.lock().await;
        let known = attempts.get_mut(&attempt)?;
        // Whoever begins anew gets all of it anew.
        let goes_on = |ear: &Listening| ear.goes_on(since);
        if !known.ear.as_ref().is_some_and(goes_on) {
            let definition = self.tasks.ecs.definition(&task.task_definition).await.ok()?;
            let Tasks { logs, veil, .. } = &self.tasks;
            let listener = Listener::new(logs, veil, &definition.draft, task.id());
            known.ear = Some(Listening::new(listener));
        }
        let ear = known.ear.as_mut()?;
        ear.hear(&self.tasks, known.ended.as_ref()).await;
        Some(ear.after(since))
    }

    async fn last_words(&self, attempt: OwnerId) -> Vec<String> {
        let attempts = self.attempts.lock().await;
        let ear = attempts.get(&attempt).and_then(|known| known.ear.as_ref());
        ear.map(|ear| ear.last_words(&self.berth.container)).unwrap_or_default()
    }

    async fn life(&self, task: &Task, attempt: OwnerId) -> Life {
        if task.last_status != "STOPPED" {
            return Life::Running;
        }
        let counted = [self.berth.container.clone()];
        let ended = Ended::of(task, &counted);
        let code = ended.codes.iter().find_map(|(_, code)| *code);
        let said = self.last_words(attempt).await.into_iter();
        let tail: Vec<String> = said.chain([ended.words]).collect();
        Life::Ended { code, tail: self.tasks.veil.cover(&tail.join("\n")) }
    }
}

#[async_trait]
impl Runner for EcsRunner {
    fn place(&self) -> String {
        let Berth { service, container, .. } = &self.berth;
        format!("ECS, beside `{service}`, container `{container}`")
    }

    async fn start(&self, assignment: &Assignment) -> Result<(), NotStarted> {
        self.launch(assignment).await.map_err(|trouble| {
            let (place, reason) = (self.place(), trouble.to_string());
            NotStarted { place, reason, source: Some(trouble.into()) }
        })
    }

    async fn look(&self, attempt: OwnerId) -> Life {
        match self.seen(attempt).await {
            Ok(task) => self.life(&task, attempt).await,
            Err(reason) => Life::Unseen { reason },
        }
    }

    async fn words(&self, attempt: OwnerId, since: Heard) -> Words {
        let nothing = || Words { lines: Vec::new(), heard: since };
        self.listened(attempt, since).await.unwrap_or_else(nothing)
    }

    async fn stop(&self, attempt: OwnerId) -> Life {
        let unseen = |reason: String| Life::Unseen { reason };
        let task = match self.seen(attempt).await {
            Ok(task) => task,
            Err(reason) => return unseen(reason),
        };
        let order = match self.order(attempt, Vec::new()).await {
            Ok(order) => order,
            Err(trouble) => return unseen(trouble.to_string()),
        };
        match self.tasks.end(&order, &task.arn).await {
            Outcome::Unknown { reason, .. } => unseen(reason),
            Outcome::Ended(_) | Outcome::Stopped { .. } => self.look(attempt).await,
        }
    }

    fn pace(&self) -> Span {
        Span::from_secs(2)
    }
}

/// The name of the task of an attempt.
fn name(attempt: OwnerId) -> RunName {
    RunName::of_attempt(&attempt.to_string())
}

impl Attempt {
    const fn new(arn: String) -> Self {
        Self { arn, ended: None, ear: None }
    }
}

impl Debug for EcsRunner {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcsRunner").field("berth", &self.berth).finish_non_exhaustive()
    }
}
