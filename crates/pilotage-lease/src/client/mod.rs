//! Drives the machine against a store and a clock.
//!
//! There is no guard that gives a lease up when it is dropped: giving up is a write that may fail
//! or not be answered, and a process that dies gives nothing up either. Whoever owns calls
//! [`Held::release`], or lets the term run out.

mod acquire;
mod call;
mod error;
mod held;
mod hold;

pub use acquire::{Acquisition, Waiting};
pub use error::LeaseError;
pub use held::{Held, Loss, Renewal};
pub use hold::{HoldOutcome, UnholdOutcome};

use std::sync::Arc;

use pilotage_clock::Clock;
use pilotage_rollout::Span;

use crate::{LeaseName, LeaseStore, NoWitness, Record, Witness};

/// The lease on one thing, as somebody sees it who may want it.
#[derive(Debug, Clone)]
pub struct LeaseClient {
    name: LeaseName,
    store: Arc<dyn LeaseStore>,
    clock: Arc<dyn Clock>,
    witness: Arc<dyn Witness>,
    limit: Span,
}

/// How long a store may take for one answer.
const LIMIT: Span = Span::from_secs(5);

impl LeaseClient {
    /// The lease of this name in this store.
    pub fn new(name: LeaseName, store: Arc<dyn LeaseStore>, clock: Arc<dyn Clock>) -> Self {
        Self { name, store, clock, witness: Arc::new(NoWitness), limit: LIMIT }
    }

    /// With somebody who can tell that an owner is dead.
    pub fn with_witness(self, witness: Arc<dyn Witness>) -> Self {
        Self { witness, ..self }
    }

    /// With this long for each answer of the store.
    pub fn with_limit(self, limit: Span) -> Self {
        Self { limit, ..self }
    }

    /// What the lease is on.
    pub const fn name(&self) -> &LeaseName {
        &self.name
    }

    /// Where it is kept, in words for a person.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// What is written down about it; none if it was never taken.
    pub async fn show(&self) -> Result<Option<Record>, LeaseError> {
        Ok(self.read().await?.map(|stored| stored.record))
    }
}
