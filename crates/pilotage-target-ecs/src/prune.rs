//! Retiring revisions that nobody needs: ours, old, and not what could be gone back to.

use std::collections::BTreeSet;

use pilotage_artifact::ReleaseId;
use pilotage_aws::ecs::Service;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Outcome, ReadFailure};

use crate::apply::family;
use crate::known::Known;
use crate::outcome::{unbegun, unread, unwritten};
use crate::target::EcsTarget;

/// The newest revisions, which are kept whatever they are.
const KEPT: usize = 10;
/// How many revisions are looked at; older ones come into view as these go.
const LISTED: u8 = 25;
/// The most that are retired by one run: the account's budget for it is one a second.
const MOST: usize = 5;

impl EcsTarget {
    pub(crate) async fn prune(
        &self,
        run: &RunId,
        keep: &[ReleaseId],
        service: &Service,
        elsewhere: &BTreeSet<String>,
    ) -> Outcome {
        let doomed = match self.doomed(keep, service, elsewhere).await {
            Ok(doomed) => doomed,
            Err(failure) => return unbegun(failure, run),
        };
        for arn in doomed {
            if let Err(failure) = self.ecs.deregister(&arn).await {
                return unwritten(&failure, run);
            }
            self.catalogue(|catalogue| catalogue.known.remove(&arn));
        }
        Outcome::Applied
    }

    async fn doomed(
        &self,
        keep: &[ReleaseId],
        service: &Service,
        elsewhere: &BTreeSet<String>,
    ) -> Result<Vec<String>, ReadFailure> {
        let Some(primary) = service.primary() else { return Ok(Vec::new()) };
        let listed = self.ecs.revisions_of(family(&primary.task_definition), LISTED).await;
        let listed = listed.map_err(|failure| unread(&failure))?;
        let old: Vec<String> = listed.into_iter().skip(KEPT).collect();
        if old.is_empty() {
            return Ok(Vec::new());
        }
        let mut needed = self.needed(service).await?;
        needed.extend(elsewhere.iter().cloned());
        let mut doomed = Vec::new();
        for arn in old.into_iter().rev().filter(|arn| !needed.contains(arn)) {
            let known = self.learned(&arn).await?;
            if known.is_ours && !is_kept(&known, keep) {
                doomed.push(arn);
            }
            if doomed.len() == MOST {
                break;
            }
        }
        Ok(doomed)
    }

    /// What is deployed, and what the history could be gone back to.
    pub(crate) async fn needed(&self, service: &Service) -> Result<BTreeSet<String>, ReadFailure> {
        let listed = service.deployments.iter().map(|one| one.task_definition.clone());
        let mut needed: BTreeSet<String> = listed.collect();
        let history = self.ecs.history(&self.name).await.map_err(|failure| unread(&failure))?;
        let arns: Vec<String> = history.into_iter().map(|past| past.target).collect();
        let revisions = self.revisions(&arns).await?;
        needed.extend(revisions.into_iter().map(|revision| revision.task_definition));
        Ok(needed)
    }
}

fn is_kept(known: &Known, keep: &[ReleaseId]) -> bool {
    keep.contains(&known.release.id)
}
