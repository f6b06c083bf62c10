//! Orders: the fence is compared, then they are carried out.

use std::collections::BTreeSet;

use pilotage_artifact::ReleaseId;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Action, Order, Outcome, Rejection};

use super::EcsPair;
use super::look::Sight;
use crate::outcome::{refused, unbegun};
use crate::tag;

impl EcsPair {
    pub(super) async fn applied(&self, run: &RunId, order: &Order) -> Outcome {
        let sight = match self.current().await {
            Ok(sight) => sight,
            Err(failure) => return unbegun(failure, run),
        };
        let current = sight.fence();
        if order.stamp.fence < current {
            return Outcome::NotApplied(Rejection::StaleFence { current });
        }
        match &order.action {
            Action::Claim => self.claim(run, order, &sight).await,
            Action::Capacity { release, units } => {
                self.capacity(run, release, *units, &sight).await
            }
            Action::Traffic { stable, candidate, share } => {
                self.traffic(run, stable.as_ref(), (candidate, *share), &sight).await
            }
            Action::Prune { keep } => self.prune(run, keep, &sight).await,
            Action::Roll { .. } => refused(
                "these two services are driven step by step, and ECS rolls neither to a release: use \
                 `blue/green` or `canary`",
            ),
            Action::Migrate { .. } => refused("ECS services apply no migrations"),
            Action::Proceed { .. } => refused("services that are driven wait at no hook of ECS"),
        }
    }

    /// Both services are claimed: who finds one of them claimed by a newer owner writes neither.
    async fn claim(&self, run: &RunId, order: &Order, sight: &Sight) -> Outcome {
        self.forget();
        for side in [0, 1] {
            let outcome = self.service(side).claim(run, order, sight.service(side)).await;
            if outcome != Outcome::Applied {
                return outcome;
            }
        }
        Outcome::Applied
    }

    async fn prune(&self, run: &RunId, keep: &[ReleaseId], sight: &Sight) -> Outcome {
        let live = sight.serving();
        let other = 1 - live;
        let needed = match self.service(other).needed(sight.service(other)).await {
            Ok(needed) => needed,
            Err(failure) => return unbegun(failure, run),
        };
        let served = [0, 1].into_iter().filter_map(|side| tag::served(sight.service(side)));
        let keep: BTreeSet<ReleaseId> = keep.iter().cloned().chain(served).collect();
        let keep: Vec<ReleaseId> = keep.into_iter().collect();
        self.service(live).prune(run, &keep, sight.service(live), &needed).await
    }

    /// What was seen is no longer so.
    pub(super) fn forget(&self) {
        self.memory(|memory| memory.look = None);
    }
}
