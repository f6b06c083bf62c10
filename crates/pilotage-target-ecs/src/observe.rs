//! Looking: one call, and more only where there is something to explain.

use pilotage_artifact::Digest;
use pilotage_aws::Kind;
use pilotage_aws::ecs::{Revision, Service};
use pilotage_rollout::Moment;
use pilotage_rollout::target::{Observation, ReadFailure};

use crate::known::Known;
use crate::outcome::unread;
use crate::target::EcsTarget;
use crate::{groups, staged, tag};

impl EcsTarget {
    pub(crate) async fn observed(&self) -> Result<Observation, ReadFailure> {
        let service = self.unspent().await?;
        self.learn(&service).await?;
        let delegation = self.delegation(&service).await?;
        let explained = self.explained(&service).await;
        let told = explained.as_ref().map(|told| (&told.deployment, told.failing.as_slice()));
        let mut groups =
            self.catalogue(|known| groups::groups(&service, |arn| known.release(arn), told));
        if staged::is_staged(&service) {
            self.weigh(&mut groups);
        }
        let (fence, incarnation) = (tag::fence(&service), incarnation(&service));
        Ok(Observation { fence, incarnation, groups, delegation })
    }

    /// Learns what the deployments run, which is asked for once for each revision.
    pub(crate) async fn learn(&self, service: &Service) -> Result<(), ReadFailure> {
        for deployment in &service.deployments {
            self.learned(&deployment.task_definition).await?;
        }
        Ok(())
    }

    /// What a revision is.
    pub(crate) async fn learned(&self, arn: &str) -> Result<Known, ReadFailure> {
        if let Some(known) = self.catalogue(|catalogue| catalogue.known.get(arn).cloned()) {
            return Ok(known);
        }
        let known = match self.ecs.definition(arn).await {
            Ok(definition) => Known::of(definition),
            // ECS has deleted it; that it serves all the same is no reason to see nothing.
            Err(failure) if failure.kind() == Kind::Refused => Known::forgotten(arn),
            Err(failure) => return Err(unread(&failure)),
        };
        let known = known.map_err(|why| ReadFailure::Refused { reason: why.to_string() })?;
        self.catalogue(|catalogue| catalogue.known.insert(arn.into(), known.clone()));
        Ok(known)
    }

    /// The states of the service by their ARNs; none where none are asked for.
    pub(crate) async fn revisions(&self, arns: &[String]) -> Result<Vec<Revision>, ReadFailure> {
        if arns.is_empty() {
            return Ok(Vec::new());
        }
        self.ecs.revisions(&self.name, arns).await.map_err(|failure| unread(&failure))
    }
}

/// Tells the service from one that was deleted and made again under the same name.
pub(crate) fn incarnation(service: &Service) -> u64 {
    let made = service.created_at.map_or(0, Moment::as_millis);
    let digest = Digest::of(format!("{} {made}", service.arn).as_bytes());
    digest.bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
