//! The target.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::ecs::{Ecs, Service, ServiceName};
use pilotage_aws::logs::Logs;
use pilotage_clock::Clock;
use pilotage_driver::role::Target;
use pilotage_redact::Veil;
use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{
    Capabilities, Fencing, Observation, Order, Outcome, ReadFailure, RollingControl, TrafficControl,
};

use pilotage_ecs_task::images::Images;

use crate::candidate::{Candidate, CandidateError};
use crate::catalogue::{Catalogue, Shared};
use crate::memory::{Look, Memory, Ours};
use crate::outcome::{said, unread};
use crate::rollback::{self, Back};
use crate::tag;

/// How old a look may be that an order is checked against. The engine looks before each order, so
/// that usually none is made twice.
const FRESH: Span = Span::from_secs(2);

/// A service that ECS rolls.
#[derive(Debug)]
pub struct EcsTarget {
    pub(crate) ecs: Ecs,
    pub(crate) name: ServiceName,
    pub(crate) clock: Arc<dyn Clock>,
    /// Where its containers are heard, and what is masked in their words.
    pub(crate) ears: Option<(Logs, Veil)>,
    catalogue: Shared,
    memory: Mutex<Memory>,
}

/// A release that cannot be composed.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The service cannot be read.
    #[error("the service cannot be read: {reason}")]
    Unread {
        /// Why.
        reason: String,
    },
    /// What serves cannot be changed like this.
    #[error(transparent)]
    Candidate(#[from] CandidateError),
}

impl EcsTarget {
    /// The service. Nothing is asked yet.
    pub fn new(ecs: &Ecs, name: ServiceName, clock: Arc<dyn Clock>) -> Self {
        Self::sharing(ecs, name, clock, Shared::default())
    }

    /// The service, with what is known of the releases that others run as well.
    pub(crate) fn sharing(
        ecs: &Ecs,
        name: ServiceName,
        clock: Arc<dyn Clock>,
        catalogue: Shared,
    ) -> Self {
        let (ecs, memory) = (ecs.clone(), Mutex::default());
        Self { ecs, name, clock, ears: None, catalogue, memory }
    }

    /// The same, which quotes the last words of containers that do not stay up.
    pub fn listening(self, logs: &Logs, veil: &Veil) -> Self {
        Self { ears: Some((logs.clone(), veil.clone())), ..self }
    }

    /// The same for a run that an earlier process has begun: it looks for what that has left.
    pub fn resumed(self) -> Self {
        self.memory(|memory| memory.is_heir = true);
        self
    }

    /// What serves, with these images, as a release that can be rolled to. Where that changes nothing,
    /// it is the release that serves. Without a name it is named after its content, without a place in
    /// the order it is newer than what serves. Reads twice and writes nothing.
    pub async fn compose(
        &self,
        id: Option<ReleaseId>,
        sequence: Option<u64>,
        images: &Images,
    ) -> Result<Release, ComposeError> {
        let unread = |failure| ComposeError::Unread { reason: said(failure) };
        let service = self.look().await.map_err(unread)?;
        self.composed(&service, id, sequence, images).await
    }

    /// The same for a service that was just looked at.
    pub(crate) async fn composed(
        &self,
        service: &Service,
        id: Option<ReleaseId>,
        sequence: Option<u64>,
        images: &Images,
    ) -> Result<Release, ComposeError> {
        let unread = |failure| ComposeError::Unread { reason: said(failure) };
        self.learn(service).await.map_err(unread)?;
        let arn = service.primary().map(|primary| primary.task_definition.clone());
        let arn = arn.unwrap_or_default();
        let known = self.catalogue(|catalogue| catalogue.known.get(&arn).cloned());
        let live = known.and_then(|known| Some((known.release, known.definition?)));
        let Some((release, definition)) = live else {
            return Err(CandidateError::Forgotten { arn }.into());
        };
        let sequence = sequence.unwrap_or_else(|| release.sequence.saturating_add(1));
        let candidate = Candidate::new((&release, &definition.draft), id, sequence, images)?;
        let release = candidate.release().clone();
        self.catalogue(|catalogue| catalogue.candidates.push(candidate));
        Ok(release)
    }

    /// What to go back to, by ECS's history; the release can then be rolled to.
    pub async fn last_good(&self) -> Result<(Back, Option<Release>), ReadFailure> {
        let service = self.look().await?;
        let live = service.primary().map(|primary| primary.task_definition.clone());
        let history = self.ecs.history(&self.name).await.map_err(|failure| unread(&failure))?;
        let arns: Vec<String> = history.iter().map(|past| past.target.clone()).collect();
        let revisions = self.revisions(&arns).await?;
        let back = rollback::back(&live.unwrap_or_default(), &history, &revisions);
        let release = match &back {
            Back::To { definition, .. } => Some(self.learned(definition).await?.release),
            Back::Forgotten { .. } | Back::Nothing => None,
        };
        Ok((back, release))
    }

    pub(crate) fn catalogue<T>(&self, visit: impl FnOnce(&mut Catalogue) -> T) -> T {
        self.catalogue.visit(visit)
    }

    pub(crate) fn memory<T>(&self, visit: impl FnOnce(&mut Memory) -> T) -> T {
        visit(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at the service, now.
    pub(crate) async fn look(&self) -> Result<Service, ReadFailure> {
        let at = self.clock.elapsed();
        let service = self.ecs.service(&self.name).await.map_err(|failure| unread(&failure))?;
        self.seen(at, &service)?;
        Ok(service)
    }

    /// Takes note of a look at the service, whoever has looked.
    pub(crate) fn seen(&self, at: Span, service: &Service) -> Result<(), ReadFailure> {
        check(&self.name, service)?;
        if self.memory(|memory| memory.is_before_our_claim(tag::fence(service), at)) {
            let reason = "ECS still answers with what was before this run's claim".into();
            return Err(ReadFailure::Unavailable { reason, retry_after: None });
        }
        let look = Look { at, service: service.clone(), is_unspent: true };
        self.memory(|memory| {
            memory.follow(service);
            memory.look = Some(look);
        });
        Ok(())
    }

    /// Whether this process has begun a deployment.
    pub(crate) fn has_begun(&self) -> bool {
        self.memory(|memory| memory.ours != Ours::None)
    }

    /// The last look, if it is as good as a new one; an observation uses none twice.
    pub(crate) async fn unspent(&self) -> Result<Service, ReadFailure> {
        let now = self.clock.elapsed();
        let last = self.memory(|memory| {
            let look = memory.look.as_mut()?;
            let is_good = look.is_unspent && is_fresh(look, now);
            look.is_unspent = false;
            is_good.then(|| look.service.clone())
        });
        if let Some(service) = last {
            return Ok(service);
        }
        let service = self.look().await?;
        self.memory(|memory| {
            if let Some(look) = &mut memory.look {
                look.is_unspent = false;
            }
        });
        Ok(service)
    }

    /// The last look, if nothing was written since and it is not old.
    pub(crate) async fn current(&self) -> Result<Service, ReadFailure> {
        let now = self.clock.elapsed();
        let last = self.memory(|memory| memory.look.clone());
        match last.filter(|look| is_fresh(look, now)) {
            Some(look) => Ok(look.service),
            None => self.look().await,
        }
    }
}

fn is_fresh(look: &Look, now: Span) -> bool {
    now.as_millis().saturating_sub(look.at.as_millis()) <= FRESH.as_millis()
}

/// Whether the service is one that can be rolled.
fn check(name: &ServiceName, service: &Service) -> Result<(), ReadFailure> {
    let refused = |reason| Err(ReadFailure::Refused { reason });
    if service.status != "ACTIVE" {
        let status = &service.status;
        return refused(format!(
            "the service `{name}` is {status}: it was deleted; create it anew"
        ));
    }
    match service.controller() {
        "ECS" => Ok(()),
        other => refused(format!(
            "the service `{name}` is deployed by {other}, not by ECS itself: Pilotage would act \
             against it; create it with the deployment controller `ECS`"
        )),
    }
}

#[async_trait]
impl Target for EcsTarget {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            // What balances the load knows tasks, not releases.
            traffic: TrafficControl::Switch,
            rolling: RollingControl::Exclusive,
            preview: false,
            fencing: Fencing::Checked,
            // An answer that is older than what this process wrote is recognised: by the claim, and by the
            // id of the deployment. What others wrote shows soon.
            lag: Span::from_secs(2),
            settle: Span::from_secs(30),
        }
    }

    async fn observe(&self) -> Result<Observation, ReadFailure> {
        self.observed().await
    }

    async fn apply(&self, run: &RunId, order: &Order) -> Outcome {
        self.applied(run, order).await
    }
}
