//! Keeping the lease while a run goes on.

use std::sync::Arc;

use pilotage_rollout::{Moment, Span};

use super::Warning;
use super::time::{passed, silence, within};
use crate::role::{Clock, Grant, Lease, Renewed};

/// Keeps a lease: renews it at a third of its time to live, and knows when it must be taken for
/// lost although nobody said so.
#[derive(Debug)]
pub(super) struct Keeper {
    lease: Arc<dyn Lease>,
    clock: Arc<dyn Clock>,
    grant: Grant,
    patience: Span,
    /// When the lease was last granted or renewed, as counted from the call.
    since: Reading,
    /// When it was last tried to renew it.
    tried_at: Span,
}

/// Both clocks at one moment. A machine that was suspended may show it on one of them only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    elapsed: Span,
    wall: Moment,
}

impl Reading {
    pub(super) fn of(clock: &dyn Clock) -> Self {
        Self { elapsed: clock.elapsed(), wall: clock.now() }
    }
}

impl Keeper {
    /// Keeps what was granted when it was asked for at `since`.
    pub(super) fn new(
        lease: Arc<dyn Lease>,
        clock: Arc<dyn Clock>,
        grant: Grant,
        patience: Span,
        since: Reading,
    ) -> Self {
        Self { lease, clock, grant, patience, since, tried_at: since.elapsed }
    }

    /// Renews the lease for as long as it is polled; ends only when the lease is lost, and says
    /// why. Nothing is lost by dropping it and calling it again.
    pub(super) async fn lost(&mut self) -> String {
        loop {
            let waited = passed(self.tried_at, self.clock.elapsed());
            self.clock.sleep(passed(waited, self.third())).await;
            if let Err(reason) = self.renew().await {
                return reason;
            }
        }
    }

    /// Makes sure, right before an order, that the lease is held for a while longer.
    pub(super) async fn confirm(&mut self) -> Result<(), String> {
        if self.age() < self.third() {
            return Ok(());
        }
        self.renew().await
    }

    pub(super) const fn grant(&self) -> Grant {
        self.grant
    }

    /// Gives the lease up, also one that was lost: that does nothing. Says so if it failed.
    pub(super) async fn release(&self, limit: Span) -> Option<Warning> {
        let released = self.lease.release(self.grant.fence);
        let reason = match within(&*self.clock, limit, released).await {
            Some(Ok(())) => return None,
            Some(Err(failure)) => failure.to_string(),
            None => silence(limit),
        };
        Some(Warning::LeaseNotReleased { reason })
    }

    async fn renew(&mut self) -> Result<(), String> {
        let asked = Reading::of(&*self.clock);
        let renewed = self.lease.renew(self.grant.fence);
        let renewed = within(&*self.clock, self.patience.min(self.third()), renewed).await;
        self.tried_at = self.clock.elapsed();
        let failure = match renewed {
            Some(Ok(Renewed::Kept)) => {
                self.since = asked;
                return Ok(());
            }
            Some(Ok(Renewed::Lost { reason })) => return Err(reason),
            Some(Err(failure)) => failure.to_string(),
            None => silence(self.patience),
        };
        // A third of the time is left for what is under way to end.
        if self.age().as_millis() < self.third().as_millis().saturating_mul(2) {
            return Ok(());
        }
        Err(format!("it could not be renewed for {}: {failure}", self.age()))
    }

    /// How long ago the lease was certain, by the clock that says longer.
    fn age(&self) -> Span {
        let now = Reading::of(&*self.clock);
        now.wall.since(self.since.wall).max(passed(self.since.elapsed, now.elapsed))
    }

    /// Never nothing, so that a lease that lasts for no time is not renewed all the time.
    fn third(&self) -> Span {
        Span::from_millis(self.grant.ttl.as_millis() / 3).max(Span::from_millis(1))
    }
}
