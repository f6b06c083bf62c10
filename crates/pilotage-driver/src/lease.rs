//! The role of the deploy lease, filled by a lease in any store.
//!
//! The protocol is that of `pilotage-lease`; this only remembers what is held between two calls of
//! the driver, and translates the answers.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_lease::client::{Acquisition, Held, LeaseClient, LeaseError, Renewal, Waiting};
use pilotage_lease::machine::{Busy, Claim};
use pilotage_lease::{Card, OwnerId, Record, StoreFailure, Tenure, Term};
use pilotage_rollout::{Fence, Moment, Span};
use tokio::sync::Mutex;

use crate::role::{Acquired, Grant, Holder, Lease, LeaseFailure, Renewed};

/// A lease in a store, as one would-be holder of it.
#[derive(Debug)]
pub struct StoreLease {
    client: LeaseClient,
    clock: Arc<dyn Clock>,
    link: Option<String>,
    term: Term,
    waiting: Waiting,
    held: Mutex<Option<Held>>,
}

impl StoreLease {
    /// The lease that this client asks for, for the usual term and without waiting for others.
    pub fn new(client: LeaseClient, clock: Arc<dyn Clock>) -> Self {
        let (term, waiting, held) = (Term::USUAL, Waiting::NOT, Mutex::new(None));
        Self { client, clock, link: None, term, waiting, held }
    }

    /// With a page at which others find what is being done.
    pub fn with_link(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    /// With grants that last this long.
    pub fn with_term(self, term: Term) -> Self {
        Self { term, ..self }
    }

    /// With this long to wait for others. Only who waits for longer than the term of a dead holder
    /// can take its place, where nobody can tell that it is dead; the driver's own patience with
    /// the lease must be longer than this.
    pub fn with_waiting(self, waiting: Waiting) -> Self {
        Self { waiting, ..self }
    }

    /// The owner under this fence, if that is this.
    pub(crate) async fn owner(&self, fence: Fence) -> Option<OwnerId> {
        let held = self.held.lock().await;
        held.as_ref().filter(|held| held.fence() == fence).map(|held| held.ticket().owner)
    }

    /// What the store says about it.
    pub(crate) async fn record(&self) -> Result<Option<Record>, LeaseFailure> {
        self.client.show().await.map_err(|error| self.unusable(error))
    }

    fn claim(&self, holder: &str, above: Fence) -> Result<Claim, LeaseFailure> {
        let owner = OwnerId::random().map_err(|error| self.failed(&error))?;
        let card = Card { link: self.link.clone(), ..Card::of(holder) };
        Ok(Claim { term: self.term, above, at: self.clock.now(), ..Claim::new(owner, card) })
    }

    fn failed(&self, reason: &impl ToString) -> LeaseFailure {
        let place = format!("`{}`", self.client.name());
        LeaseFailure { place, reason: reason.to_string(), source: None }
    }

    fn unusable(&self, error: LeaseError) -> LeaseFailure {
        match error {
            LeaseError::Store { place, source, .. } => {
                let StoreFailure { reason, source, .. } = source;
                LeaseFailure { place, reason, source }
            }
            unsettled @ LeaseError::Unsettled { .. } => self.failed(&unsettled),
        }
    }
}

#[async_trait]
impl Lease for StoreLease {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| held.left() > Span::ZERO) {
            let holder = Holder { name: "this process".into(), since: None };
            return Ok(Acquired::Busy { holder });
        }
        *held = None;
        let claim = self.claim(holder, above)?;
        let acquired = self.client.acquire(claim, self.waiting, &mut |_: &Busy| ()).await;
        match acquired.map_err(|error| self.unusable(error))? {
            Acquisition::Busy(busy) => Ok(Acquired::Busy { holder: in_the_way(&busy) }),
            Acquisition::Held(new) => {
                let grant = Grant { fence: new.fence(), ttl: self.term.span() };
                *held = Some(new);
                Ok(Acquired::Held(grant))
            }
        }
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        let mut held = self.held.lock().await;
        let Some(own) = held.as_mut().filter(|held| held.fence() == fence) else {
            return Ok(Renewed::Lost { reason: format!("fence {fence} is not held any more") });
        };
        match own.renew().await {
            Renewal::Kept => Ok(Renewed::Kept),
            Renewal::Unsure { reason, .. } => Err(self.failed(&reason)),
            Renewal::Lost(loss) => {
                *held = None;
                Ok(Renewed::Lost { reason: loss.to_string() })
            }
        }
    }

    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        let mut held = self.held.lock().await;
        let Some(mut own) = held.take_if(|held| held.fence() == fence) else { return Ok(()) };
        own.release("").await.map(drop).map_err(|error| self.unusable(error))
    }

    async fn holder(&self) -> Result<Option<Holder>, LeaseFailure> {
        Ok(self.record().await?.as_ref().and_then(Record::tenure).map(owner))
    }
}

/// An owner, as others are told.
pub(crate) fn owner(tenure: &Tenure) -> Holder {
    Holder { name: tenure.card.to_string(), since: known(tenure.since) }
}

fn in_the_way(busy: &Busy) -> Holder {
    match busy {
        Busy::Owned { tenure, .. } => owner(tenure),
        Busy::OnHold(hold) => Holder { name: hold.to_string(), since: known(hold.since) },
        Busy::Exhausted => Holder { name: busy.to_string(), since: None },
    }
}

/// A claim that tells no time tells the beginning of all times.
fn known(since: Moment) -> Option<Moment> {
    (since != Moment::default()).then_some(since)
}
