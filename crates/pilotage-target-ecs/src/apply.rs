//! Orders: the fence is compared, then one write is sent, once.

use std::collections::BTreeSet;

use pilotage_artifact::ReleaseId;
use pilotage_aws::ecs::{Change, Deployment, RolloutState, Service};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, Order, Outcome, ReadFailure, Rejection};

use crate::fate::Begun;
use crate::known::Known;
use crate::memory::Ours;
use crate::outcome::{refused, unbegun, unwritten};
use crate::target::EcsTarget;
use crate::{staged, tag};

/// The most revisions that are looked through for one that is wanted.
const SEARCHED: u8 = 20;

impl EcsTarget {
    pub(crate) async fn applied(&self, run: &RunId, order: &Order) -> Outcome {
        let service = match self.current().await {
            Ok(service) => service,
            Err(failure) => return unbegun(failure, run),
        };
        let current = tag::fence(&service);
        if order.stamp.fence < current {
            return Outcome::NotApplied(Rejection::StaleFence { current });
        }
        match &order.action {
            Action::Claim => self.claim(run, order, &service).await,
            Action::Roll { release } => self.roll(run, release, &service).await,
            Action::Prune { keep } => self.prune(run, keep, &service, &BTreeSet::new()).await,
            Action::Capacity { .. } | Action::Traffic { .. } => refused(
                "ECS rolls this service itself, and moves tasks and traffic as it does: use the \
                 strategy `rolling`",
            ),
            Action::Migrate { .. } => refused("an ECS service applies no migrations"),
            Action::Proceed { hook } if staged::is_staged(&service) => {
                self.proceed(run, hook).await
            }
            Action::Proceed { .. } => refused("a deployment that ECS rolls waits at no hook"),
        }
    }

    /// Whether what a deployment brings is this release.
    pub(crate) fn runs(&self, deployment: &Deployment, release: &ReleaseId) -> bool {
        let live = self.catalogue(|catalogue| catalogue.release(&deployment.task_definition));
        live.is_some_and(|live| live.id == *release)
    }

    pub(crate) async fn claim(&self, run: &RunId, order: &Order, service: &Service) -> Outcome {
        let fence = order.stamp.fence;
        if tag::fence(service) == fence {
            return Outcome::Applied;
        }
        self.memory(|memory| memory.look = None);
        match self.ecs.tag(&service.arn, &tag::claim(fence)).await {
            Ok(()) => {
                self.memory(|memory| memory.claimed = Some((fence, self.clock.elapsed())));
                Outcome::Applied
            }
            Err(failure) => unwritten(&failure, run),
        }
    }

    async fn roll(&self, run: &RunId, release: &ReleaseId, service: &Service) -> Outcome {
        if let Err(failure) = self.learn(service).await {
            return unbegun(failure, run);
        }
        let Some(primary) = service.primary() else {
            return refused(format!("the service `{}` has no deployment to go on from", self.name));
        };
        if let Some(staged) = self.underway(release).filter(|_| staged::is_staged(service)) {
            return self.unroll(run, &staged).await;
        }
        let has_failed = primary.rollout_state == Some(RolloutState::Failed);
        if self.runs(primary, release) && !has_failed {
            self.memory(|memory| memory.adopt(release, begun(primary, None, true)));
            return Outcome::Applied;
        }
        match self.revision(run, release, primary).await {
            Ok(known) => self.update(run, &known, (service, primary), None).await,
            Err(outcome) => outcome,
        }
    }

    /// The revision to roll to: one that is there, or a new one.
    pub(crate) async fn revision(
        &self,
        run: &RunId,
        release: &ReleaseId,
        primary: &Deployment,
    ) -> Result<Known, Outcome> {
        if let Some(known) = self.catalogue(|catalogue| catalogue.runnable(release).cloned()) {
            return Ok(known);
        }
        let (candidate, may_have_registered) = self.catalogue(|catalogue| {
            (catalogue.candidate(release).cloned(), catalogue.may_have_registered)
        });
        if candidate.is_none() || may_have_registered {
            let family = candidate.as_ref().map_or_else(
                || family(&primary.task_definition).to_owned(),
                |candidate| candidate.draft().family().to_owned(),
            );
            let found = self.search(release, &family).await;
            if let Some(known) = found.map_err(|failure| unbegun(failure, run))? {
                return Ok(known);
            }
        }
        let Some(candidate) = candidate else {
            return Err(refused(format!(
                "none of the last {SEARCHED} revisions of `{}` is the release `{release}`, and it \
                 was not composed anew: was it deregistered?",
                family(&primary.task_definition)
            )));
        };
        self.put(&candidate).await.map_err(|failure| {
            self.catalogue(|catalogue| {
                catalogue.may_have_registered |= failure.may_have_happened();
            });
            unwritten(&failure, run)
        })
    }

    /// Looks for the release among the newest revisions.
    pub(crate) async fn search(
        &self,
        release: &ReleaseId,
        family: &str,
    ) -> Result<Option<Known>, ReadFailure> {
        let listed = self.ecs.revisions_of(family, SEARCHED).await;
        for arn in listed.map_err(|failure| crate::outcome::unread(&failure))? {
            let known = self.learned(&arn).await?;
            if known.release.id == *release && known.is_runnable() {
                return Ok(Some(known));
            }
        }
        self.catalogue(|catalogue| catalogue.may_have_registered = false);
        Ok(None)
    }

    /// The one `UpdateService`. What its answer calls primary is what is watched.
    pub(crate) async fn update(
        &self,
        run: &RunId,
        known: &Known,
        (service, primary): (&Service, &Deployment),
        desired_count: Option<u32>,
    ) -> Outcome {
        let (definition, release) = (known.arn.clone(), known.release.id.clone());
        let force = primary.task_definition == definition;
        let from = Some(primary.task_definition.clone());
        let before = service.deployments.iter().map(|one| one.id.clone()).collect();
        let change = Change { task_definition: Some(definition.clone()), force, desired_count };
        let sent = Ours::Sent { release: release.clone(), definition, from: from.clone(), before };
        self.memory(|memory| {
            memory.look = None;
            memory.ours = sent;
        });
        let answer = match self.ecs.update(&self.name, &change).await {
            Ok(answer) => answer,
            Err(failure) => {
                let outcome = unwritten(&failure, run);
                if !matches!(outcome, Outcome::Unknown { .. }) {
                    self.memory(|memory| memory.ours = Ours::None);
                }
                return outcome;
            }
        };
        let ours = answer.primary().filter(|one| one.task_definition == known.arn);
        let Some(ours) = ours else {
            let reason = "ECS has accepted the update, and answers with another deployment".into();
            return Outcome::Unknown { reason };
        };
        let begun = begun(ours, from, false);
        self.memory(|memory| memory.ours = Ours::Begun { release, begun });
        Outcome::Applied
    }
}

fn begun(deployment: &Deployment, from: Option<String>, shown: bool) -> Begun {
    Begun {
        id: deployment.id.clone(),
        definition: deployment.task_definition.clone(),
        from,
        created_at: deployment.created_at,
        shown,
    }
}

/// The family of a revision, by its ARN.
pub(crate) fn family(arn: &str) -> &str {
    let tail = arn.rsplit('/').next().unwrap_or(arn);
    tail.rsplit_once(':').map_or(tail, |(family, _)| family)
}
