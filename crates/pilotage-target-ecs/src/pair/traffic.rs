//! Requests: compared with what was seen, then divided with one write.

use pilotage_artifact::ReleaseId;
use pilotage_aws::elb::{Forward, Route};
use pilotage_rollout::Share;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::Outcome;

use super::look::Sight;
use super::{EcsPair, weights};
use crate::outcome::{busy, refused, unbegun, unwritten};
use crate::tag;

impl EcsPair {
    pub(super) async fn traffic(
        &self,
        run: &RunId,
        stable: Option<&ReleaseId>,
        (candidate, share): (&ReleaseId, Share),
        sight: &Sight,
    ) -> Outcome {
        let Some(side) = self.home(candidate, sight) else {
            return refused(format!("neither service runs `{candidate}`: it can get no requests"));
        };
        let other = 1 - side;
        if let Some(stable) = stable.filter(|stable| self.home(stable, sight) != Some(other)) {
            let name = &self.place.side(other).service;
            return busy(format!("`{name}` does not run `{stable}` any more"), run);
        }
        let route = match self.route().await {
            Ok(route) => route,
            Err(failure) => return unbegun(failure, run),
        };
        if let Some(reason) = self.changed(&route) {
            self.forget();
            return busy(reason, run);
        }
        if share > sight.share(side) && sight.healthy(side) == 0 {
            return busy(format!("nothing of `{candidate}` is healthy any more"), run);
        }
        if let Some(outcome) = self.remembered(run, stable, other, sight).await {
            return outcome;
        }
        self.divided(run, &route, (side, share)).await
    }

    /// What somebody else has made of the rule since the engine has seen it.
    fn changed(&self, route: &Route) -> Option<String> {
        let told = self.memory(|memory| memory.told.clone())?;
        let words = |forward: &Forward| {
            let [one, other] = weights::shares(forward, self.pair());
            format!("{one} and {other}")
        };
        (told != route.forward).then(|| {
            let (was, is) = (words(&told), words(&route.forward));
            format!("the rule was changed since it was looked at: it divided {was}, and now {is}")
        })
    }

    /// What has served is written down at its service, so that it can be gone back to: ECS's own
    /// history knows what was started, and not what requests were given to.
    async fn remembered(
        &self,
        run: &RunId,
        stable: Option<&ReleaseId>,
        side: usize,
        sight: &Sight,
    ) -> Option<Outcome> {
        let (stable, service) = (stable?, sight.service(side));
        if tag::served(service).as_ref() == Some(stable) {
            return None;
        }
        self.forget();
        let tagged = self.service(side).ecs.tag(&service.arn, &tag::of_served(stable)).await;
        tagged.err().map(|failure| unwritten(&failure, run))
    }

    async fn divided(&self, run: &RunId, route: &Route, (side, share): (usize, Share)) -> Outcome {
        let (ours, rest) = weights::weights(share);
        let group = |side: usize| self.place.side(side).group.as_str();
        let forward = route.forward.clone().with(group(side), ours).with(group(1 - side), rest);
        let is_there =
            weights::shares(&route.forward, self.pair()) == weights::shares(&forward, self.pair());
        if is_there {
            return Outcome::Applied;
        }
        self.memory(|memory| (memory.look, memory.told) = (None, None));
        match self.elb.divide(route, &forward).await {
            Ok(()) => Outcome::Applied,
            Err(failure) => unwritten(&failure, run),
        }
    }
}
