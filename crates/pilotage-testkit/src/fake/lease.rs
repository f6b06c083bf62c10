//! A lease in memory.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pilotage_driver::role::{Acquired, Clock, Grant, Holder, Lease, LeaseFailure, Renewed};
use pilotage_rollout::{Fence, Moment, Span};

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
    held: Option<Hold>,
    renewals: u32,
    away: bool,
}

#[derive(Debug, Clone)]
struct Hold {
    name: String,
    since: Moment,
    until: Span,
}

impl FakeLease {
    /// A lease whose grants last this long by this clock, and whose users die as this says.
    pub fn new(ttl: Span, clock: Arc<dyn Clock>, death: Arc<Death>) -> Self {
        Self { ttl, clock, death, state: Arc::default() }
    }

    /// Ends the ownership, as the store does when a holder that died has had its time.
    pub fn expire(&self) {
        lock(&self.state).held = None;
    }

    /// Gives the ownership to somebody else, as an administrator could.
    pub fn steal(&self, name: &str) {
        let mut state = lock(&self.state);
        let until = self.clock.elapsed() + self.ttl;
        state.fence = Fence(state.fence.0 + 1);
        state.held = Some(Hold { name: name.into(), since: self.clock.now(), until });
    }

    /// Whether the store is out of reach.
    pub fn set_away(&self, away: bool) {
        lock(&self.state).away = away;
    }

    /// How often the lease was renewed.
    pub fn renewals(&self) -> u32 {
        lock(&self.state).renewals
    }

    /// The name of whoever holds it.
    pub fn owner(&self) -> Option<String> {
        let state = lock(&self.state);
        state.live(self.clock.elapsed()).map(|hold| hold.name.clone())
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
        if let Some(hold) = state.live(now) {
            return Acquired::Busy { holder: hold.holder() };
        }
        state.fence = Fence(state.fence.max(above).0 + 1);
        let since = self.clock.now();
        state.held = Some(Hold { name: name.into(), since, until: now + self.ttl });
        Acquired::Held(Grant { fence: state.fence, ttl: self.ttl })
    }

    fn prolong(&self, fence: Fence) -> Renewed {
        let mut state = lock(&self.state);
        let now = self.clock.elapsed();
        if state.fence != fence || state.live(now).is_none() {
            let owner = state.live(now).map_or("nobody", |hold| &hold.name);
            return Renewed::Lost { reason: format!("{owner} holds it now") };
        }
        state.renewals += 1;
        let until = now + self.ttl;
        state.held = state.held.take().map(|hold| Hold { until, ..hold });
        Renewed::Kept
    }
}

impl Hold {
    fn holder(&self) -> Holder {
        Holder { name: self.name.clone(), since: Some(self.since) }
    }
}

impl State {
    fn live(&self, now: Span) -> Option<&Hold> {
        self.held.as_ref().filter(|hold| now < hold.until)
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
            state.held = None;
        }
        Ok(())
    }

    async fn holder(&self) -> Result<Option<Holder>, LeaseFailure> {
        self.reach()?;
        Ok(lock(&self.state).live(self.clock.elapsed()).map(Hold::holder))
    }
}
