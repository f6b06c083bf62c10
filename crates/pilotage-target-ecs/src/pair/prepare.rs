//! Before units come: the rule knows their target group, and the preview leads to them.

use pilotage_aws::elb::{Forward, RouteArn, Weight};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::Outcome;

use super::EcsPair;
use crate::outcome::{unbegun, unread, unwritten};

impl EcsPair {
    /// Nobody looks at a target group that is in no rule, so that it would never become healthy. The
    /// preview is for what gets no requests yet.
    pub(super) async fn prepared(
        &self,
        run: &RunId,
        side: usize,
        is_unseen: bool,
    ) -> Result<(), Outcome> {
        let group = &self.place.side(side).group;
        let route = self.route().await.map_err(|failure| unbegun(failure, run))?;
        if route.forward.weight(group).is_none() {
            self.forget();
            let wider = route.forward.clone().with(group, 0);
            self.elb.divide(&route, &wider).await.map_err(|failure| unwritten(&failure, run))?;
        }
        match self.place.preview.as_ref().filter(|_| is_unseen) {
            Some(preview) => self.shown(run, preview, group).await,
            None => Ok(()),
        }
    }

    async fn shown(&self, run: &RunId, preview: &RouteArn, group: &str) -> Result<(), Outcome> {
        let route = self.elb.route(preview).await;
        let route = route.map_err(|failure| unbegun(unread(&failure), run))?;
        let gets = |one: &Weight| (one.weight > 0) == (one.group == group);
        let knows = route.forward.weight(group).is_some();
        if knows && route.forward.weights.iter().all(gets) {
            return Ok(());
        }
        let weights = vec![Weight { group: group.into(), weight: 1 }];
        let whole = Forward { weights, sticky: route.forward.sticky };
        self.elb.divide(&route, &whole).await.map_err(|failure| unwritten(&failure, run))
    }
}
