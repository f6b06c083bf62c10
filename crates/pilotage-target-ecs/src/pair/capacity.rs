//! Units: which service is to have them, and what must hold before it loses them.

use pilotage_artifact::ReleaseId;
use pilotage_aws::ecs::{Change, Deployment, RolloutState};
use pilotage_rollout::Share;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::Outcome;

use super::look::Sight;
use super::{EcsPair, weights};
use crate::outcome::{busy, refused, unbegun, unwritten};

impl EcsPair {
    pub(super) async fn capacity(
        &self,
        run: &RunId,
        release: &ReleaseId,
        units: u16,
        sight: &Sight,
    ) -> Outcome {
        let home = self.home(release, sight);
        let side = match home.or_else(|| idle(sight)) {
            Some(side) if units > 0 || home.is_some() => side,
            _ if units == 0 => return Outcome::Applied,
            _ => return self.crowded(release),
        };
        if home.is_none() && !sight.is_empty(side) {
            let name = &self.place.side(side).service;
            return busy(format!("`{name}` still stops what it ran before"), run);
        }
        if let Some(outcome) = self.not_yet(run, side, units, sight).await {
            return outcome;
        }
        self.sized(run, (side, release), units, sight).await
    }

    /// The side that runs a release, or on which ECS has taken it back.
    pub(super) fn home(&self, release: &ReleaseId, sight: &Sight) -> Option<usize> {
        // Where nothing serves, what is brought up comes without requests: not where the weights are.
        let fits = |side: usize| {
            let is_open = sight.share(side) > Share::NONE && !sight.is_served();
            let primary = sight.service(side).primary();
            let runs = primary.is_some_and(|primary| self.service(side).runs(primary, release));
            !is_open && (runs || self.was_taken_back(side, release))
        };
        let sides = [0, 1].into_iter().filter(|side| fits(*side));
        sides.max_by_key(|side| (sight.share(*side), !sight.is_empty(*side), *side == 0))
    }

    /// What ECS has put in the place of a release is stopped in its name.
    fn was_taken_back(&self, side: usize, release: &ReleaseId) -> bool {
        let [one, other] = self.memory(|memory| memory.taken_back.clone());
        (if side == 0 { one } else { other }).as_ref() == Some(release)
    }

    fn crowded(&self, release: &ReleaseId) -> Outcome {
        let [one, other] = [0, 1].map(|side| &self.place.side(side).service);
        refused(format!(
            "there is no room for `{release}`: `{one}` and `{other}` both run something else, or get \
             requests; `resume` or `abort` what has not ended, or scale one of them to 0"
        ))
    }

    /// What must be so first: before units come, the load balancer looks at them; before all of them
    /// go, the requests have gone, and where they go something answers.
    async fn not_yet(
        &self,
        run: &RunId,
        side: usize,
        units: u16,
        sight: &Sight,
    ) -> Option<Outcome> {
        if u32::from(units) > sight.service(side).desired_count {
            let is_unseen = sight.share(side) == Share::NONE;
            return self.prepared(run, side, is_unseen).await.err();
        }
        if units > 0 {
            return None;
        }
        let route = match self.route().await {
            Ok(route) => route,
            Err(failure) => return Some(unbegun(failure, run)),
        };
        let [one, other] = weights::shares(&route.forward, self.pair());
        let share = if side == 0 { one } else { other };
        let name = &self.place.side(side).service;
        if share > Share::NONE && sight.is_served() {
            return Some(busy(
                format!("`{name}` gets {share} of the requests: it is not stopped"),
                run,
            ));
        }
        let rest = 1 - side;
        if sight.service(rest).desired_count > 0 && sight.healthy(rest) == 0 {
            let rest = &self.place.side(rest).service;
            let reason = format!("nothing of `{rest}` is healthy: `{name}` is not stopped");
            return Some(busy(reason, run));
        }
        None
    }

    /// One `UpdateService`, with the number of tasks, and with the task definition if it changes.
    async fn sized(
        &self,
        run: &RunId,
        (side, release): (usize, &ReleaseId),
        units: u16,
        sight: &Sight,
    ) -> Outcome {
        let (target, service) = (self.service(side), sight.service(side));
        let Some(primary) = service.primary() else {
            return refused(format!("the service `{}` has no deployment", target.name));
        };
        let stays = units == 0 || target.runs(primary, release) && !has_failed(primary);
        let desired = u32::from(units);
        if stays && service.desired_count == desired {
            return Outcome::Applied;
        }
        self.forget();
        if stays {
            let change =
                Change { task_definition: None, force: false, desired_count: Some(desired) };
            return match target.ecs.update(&target.name, &change).await {
                Ok(_) => Outcome::Applied,
                Err(failure) => unwritten(&failure, run),
            };
        }
        match target.revision(run, release, primary).await {
            Ok(known) => target.update(run, &known, (service, primary), Some(desired)).await,
            Err(outcome) => outcome,
        }
    }
}

/// The side that neither runs nor gets anything.
fn idle(sight: &Sight) -> Option<usize> {
    let is_free =
        |side: &usize| sight.share(*side) == Share::NONE && sight.service(*side).desired_count == 0;
    [0, 1].into_iter().find(is_free)
}

/// ECS starts no tasks of a deployment that it has given up.
fn has_failed(primary: &Deployment) -> bool {
    primary.rollout_state == Some(RolloutState::Failed)
}
