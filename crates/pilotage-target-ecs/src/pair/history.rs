//! What to go back to, and how long what is stopped may finish.

use pilotage_artifact::Release;
use pilotage_rollout::Span;
use pilotage_rollout::target::ReadFailure;

use super::EcsPair;
use crate::apply::family;
use crate::outcome::unread;
use crate::tag;

impl EcsPair {
    /// The release that had served before the one that serves now, by what is written down at its
    /// service; it can then be brought up. Nothing if none had, or if it was deregistered.
    pub async fn last_good(&self) -> Result<Option<Release>, ReadFailure> {
        let sight = self.look().await?;
        let side = 1 - sight.serving();
        let (target, service) = (self.service(side), sight.service(side));
        let Some(served) = tag::served(service) else { return Ok(None) };
        let Some(primary) = service.primary() else { return Ok(None) };
        if let Some(known) = target.catalogue(|known| known.runnable(&served).cloned()) {
            return Ok(Some(known.release));
        }
        let found = target.search(&served, family(&primary.task_definition)).await?;
        Ok(found.map(|known| known.release))
    }

    /// How long a task that is stopped may finish its requests, by the target groups. ECS waits for it
    /// after the engine has waited for `drain`, which can therefore be short.
    pub async fn drain(&self) -> Result<Span, ReadFailure> {
        let [one, other] = self.pair();
        let drain = |failure| unread(&failure);
        let one = self.elb.drain(one).await.map_err(drain)?;
        Ok(one.max(self.elb.drain(other).await.map_err(drain)?))
    }

    /// For how long the rule keeps a client where it was first, if it does: a tenth of the weight is
    /// then a tenth of the *new* clients, and those of before stay until it is over.
    pub async fn sticky(&self) -> Result<Option<Span>, ReadFailure> {
        let seconds = self.route().await?.forward.sticky;
        Ok(seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Span::from_secs))
    }
}
