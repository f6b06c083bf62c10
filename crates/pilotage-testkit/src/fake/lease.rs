//! A lease in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_driver::role::{Acquired, Clock, Grant, Lease, LeaseFailure, Renewed};
use pilotage_rollout::{Fence, Span};

use super::{Death, lock};

/// A lease in memory; every clone is another would-be holder of the same thing. Its store counts
/// elapsed time, so that nobody's wall clock matters.
#[derive(Debug, Clone)]
pub struct FakeLease {
    ttl: Span,
    clock: Arc<dyn Clock>,
    death: Arc<Death>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    fence: Fence,
    holder: Option<Holder>,
    renewals: u32,
    away: bool,
}

#[derive(Debug, Clone)]
struct Holder {
    name: String,
    until: Span,
}

impl FakeLease {
    /// A lease whose grants last this long by this clock, and whose users die as this says.
    pub fn new(ttl: Span, clock: Arc<dyn Clock>, death: Arc<Death>) -> Self {
        Self { ttl, clock, death, state: Arc::default() }
    }

    /// Ends the ownership, as the store does when a holder that died has had its time.
    pub fn expire(&self) {
        lock(&self.state).holder = None;
    }

    /// Gives the ownership to somebody else, as an administrator could.
    pub fn steal(&self, name: &str) {
        let mut state = lock(&self.state);
        let until = self.clock.elapsed() + self.ttl;
        state.fence = Fence(state.fence.0 + 1);
        state.holder = Some(Holder { name: name.into(), until });
    }

    /// Whether the store is out of reach.
    pub fn set_away(&self, away: bool) {
        lock(&self.state).away = away;
    }

    /// How often the lease was renewed.
    pub fn renewals(&self) -> u32 {
        lock(&self.state).renewals
    }

    /// Who holds it.
    pub fn holder(&self) -> Option<String> {
        let state = lock(&self.state);
        state.live(self.clock.elapsed()).map(|holder| holder.name.clone())
    }

    fn reach(&self) -> Result<(), LeaseFailure> {
        if !lock(&self.state).away {
            return Ok(());
        }
        let reason = "out of reach".into();
        Err(LeaseFailure { place: "memory".into(), reason, source: None })
    }

    fn grant(&self, name: &str, above: Fence) -> Acquired {
        let mut state = lock(&self.state);
        let now = self.clock.elapsed();
        if let Some(holder) = state.live(now) {
            return Acquired::Busy { holder: holder.name.clone() };
        }
        state.fence = Fence(state.fence.max(above).0 + 1);
        state.holder = Some(Holder { name: name.into(), until: now + self.ttl });
        Acquired::Held(Grant { fence: state.fence, ttl: self.ttl })
    }

    fn prolong(&self, fence: Fence) -> Renewed {
        let mut state = lock(&self.state);
        let now = self.clock.elapsed();
        if state.fence != fence || state.live(now).is_none() {
            let holder = state.live(now).map_or("nobody", |holder| &holder.name);
            return Renewed::Lost { reason: format!("{holder} holds it now") };
        }
        state.renewals += 1;
        let until = now + self.ttl;
        state.holder = state.holder.take().map(|holder| Holder { until, ..holder });
        Renewed::Kept
    }
}

impl State {
    fn live(&self, now: Span) -> Option<&Holder> {
        self.holder.as_ref().filter(|holder| now < holder.until)
    }
}

#[async_trait]
impl Lease for FakeLease {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        self.reach()?;
        self.death.point().await;
        let acquired = self.grant(holder, above);
        self.death.point().await;
        Ok(acquired)
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        self.reach()?;
        self.death.point().await;
        let renewed = self.prolong(fence);
        self.death.point().await;
        Ok(renewed)
    }

    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        self.reach()?;
        self.death.point().await;
        let mut state = lock(&self.state);
        if state.fence == fence {
            state.holder = None;
        }
        Ok(())
    }
}
