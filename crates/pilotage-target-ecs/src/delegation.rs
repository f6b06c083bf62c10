//! What ECS is doing, as the engine is told: about our deployment where there is one, about whichever is
//! primary otherwise.
//!
//! The description tells it but for one thing: whether ECS had gone back before somebody else came, or
//! before this process did. That is asked of the history, once.

use pilotage_artifact::{Release, ReleaseId};
use pilotage_aws::ecs::{
    Deployment, DeploymentId, PastDeployment, PastState, RolloutState, Service, Standing,
};
use pilotage_rollout::target::{Delegation, ReadFailure};
use pilotage_rollout::{Moment, Span};

use crate::catalogue::Catalogue;
use crate::fate::{self, Begun, Fate};
use crate::known::Known;
use crate::memory::Ours;
use crate::outcome::unread;
use crate::staged;
use crate::target::EcsTarget;

/// How far the times of a deployment and of its entry in the history may be apart.
const APART: Span = Span::from_secs(10);

impl EcsTarget {
    pub(crate) async fn delegation(&self, service: &Service) -> Result<Delegation, ReadFailure> {
        if staged::is_staged(service) {
            return self.staged(service).await;
        }
        match self.memory(|memory| memory.ours.clone()) {
            Ours::Begun { release, begun } => {
                let fate = match fate::fate(service, &begun) {
                    Fate::Overtaken { by } => self.overtaken(by, &begun).await?,
                    fate => fate,
                };
                let fate = self.in_their_words(fate, &begun).await;
                Ok(self.catalogue(|known| ours(known, service, &release, fate)))
            }
            Ours::Sent { .. } => Ok(self.catalogue(|known| anybodys(known, service))),
            Ours::None if self.is_heir() => self.left_behind(service).await,
            Ours::None => Ok(self.catalogue(|known| anybodys(known, service))),
        }
    }

    /// The history tells whether ECS had gone back before somebody else came.
    async fn overtaken(&self, by: DeploymentId, begun: &Begun) -> Result<Fate, ReadFailure> {
        let asked = self.memory(|memory| memory.asked.clone());
        let is_back = match asked {
            Some((id, is_back)) if id == by => is_back,
            _ => self.was_taken_back(begun).await?,
        };
        self.memory(|memory| memory.asked = Some((by.clone(), is_back)));
        if is_back {
            let reason = format!("ECS had gone back before {by} was begun");
            return Ok(Fate::TakenBack { reason });
        }
        Ok(Fate::Overtaken { by })
    }

    async fn was_taken_back(&self, begun: &Begun) -> Result<bool, ReadFailure> {
        let ours = self.recorded(begun).await?;
        Ok(ours.is_some_and(|past| past.state == PastState::RolledBack))
    }

    /// What the history says of our deployment: the oldest of what it brings since it began, for the
    /// same may have been deployed again.
    pub(crate) async fn recorded(
        &self,
        begun: &Begun,
    ) -> Result<Option<PastDeployment>, ReadFailure> {
        let since = begun.created_at.map(|at| at.as_millis().saturating_sub(APART.as_millis()));
        let mut past = self.past().await?.into_iter().rev();
        let ours = past.find(|(past, definition)| {
            *definition == begun.definition && past.created_at.map(Moment::as_millis) >= since
        });
        Ok(ours.map(|(past, _)| past))
    }

    /// What an earlier process has begun, where the service does not show it any more.
    async fn left_behind(&self, service: &Service) -> Result<Delegation, ReadFailure> {
        let seen = self.catalogue(|known| anybodys(known, service));
        let Delegation::Complete { release: live } = &seen else { return Ok(seen) };
        let Some((last, definition)) = self.past().await?.into_iter().next() else {
            return Ok(seen);
        };
        let Known { release, is_ours, .. } = self.learned(&definition).await?;
        if is_ours && release.id != *live && last.state == PastState::RolledBack {
            let reason = last.status_reason.unwrap_or_else(|| "ECS has gone back".into());
            return Ok(Delegation::RolledBack { release: release.id, reason });
        }
        Ok(seen)
    }

    /// The history with the task definitions that it was about. Who may not read it has none.
    pub(crate) async fn past(&self) -> Result<Vec<(PastDeployment, String)>, ReadFailure> {
        let history = match self.ecs.history(&self.name).await {
            Ok(history) => history,
            Err(failure) => match unread(&failure) {
                ReadFailure::Refused { .. } => Vec::new(),
                failure @ ReadFailure::Unavailable { .. } => return Err(failure),
            },
        };
        let arns: Vec<String> = history.iter().map(|past| past.target.clone()).collect();
        let revisions = self.revisions(&arns).await?;
        let definition = |target: &str| {
            let found = revisions.iter().find(|revision| revision.arn == target);
            found.map(|revision| revision.task_definition.clone())
        };
        let known = history.into_iter();
        Ok(known.filter_map(|past| definition(&past.target).map(|it| (past, it))).collect())
    }
}

/// What our deployment has come to, as the engine is told.
fn ours(known: &Catalogue, service: &Service, release: &ReleaseId, fate: Fate) -> Delegation {
    let release = release.clone();
    match fate {
        Fate::Underway | Fate::NotShown => Delegation::Rolling { release },
        Fate::Completed => Delegation::Complete { release },
        Fate::Failed { reason } => Delegation::Failed { release, reason },
        Fate::TakenBack { reason } => Delegation::RolledBack { release, reason },
        Fate::Overtaken { .. } => anybodys(known, service),
    }
}

/// What the service says of itself, whoever has begun it.
pub(crate) fn anybodys(known: &Catalogue, service: &Service) -> Delegation {
    let Some(primary) = service.primary() else { return Delegation::Idle };
    let Some(release) = known.release(&primary.task_definition) else { return Delegation::Idle };
    let release = release.id;
    let is_failed = |one: &&Deployment| {
        one.standing != Standing::Primary && one.rollout_state == Some(RolloutState::Failed)
    };
    let failed = service.deployments.iter().find(is_failed).filter(|_| fate::goes_back(primary));
    let told = failed.and_then(|failed| known.release(&failed.task_definition));
    if let Some((failed, Release { id: release, .. })) = failed.zip(told) {
        let reason = failed.rollout_state_reason.clone().unwrap_or_default();
        return Delegation::RolledBack { release, reason };
    }
    match &primary.rollout_state {
        Some(RolloutState::Completed) => Delegation::Complete { release },
        Some(RolloutState::Failed) => {
            let reason = primary.rollout_state_reason.clone().unwrap_or_default();
            Delegation::Failed { release, reason }
        }
        None if service.deployments.len() == 1 => Delegation::Idle,
        Some(RolloutState::InProgress | RolloutState::Other(_)) | None => {
            Delegation::Rolling { release }
        }
    }
}
