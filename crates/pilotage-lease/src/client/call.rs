//! One call of a store, with a deadline.

use pilotage_rollout::Span;

use super::{LeaseClient, LeaseError};
use crate::{Proposal, StoreFailure, Stored, Written};

impl LeaseClient {
    pub(super) fn now(&self) -> Span {
        self.clock.elapsed()
    }

    pub(super) async fn read(&self) -> Result<Option<Stored>, LeaseError> {
        let read = self.within(self.store.read(&self.name)).await;
        let silent = || Err(StoreFailure::because(self.silence()));
        read.unwrap_or_else(silent).map_err(|source| self.failed(source))
    }

    pub(super) async fn write(&self, proposal: &Proposal) -> Result<Written, LeaseError> {
        let written = self.within(self.store.write(&self.name, proposal)).await;
        let silent = || Ok(Written::Unknown { reason: self.silence() });
        written.unwrap_or_else(silent).map_err(|source| self.failed(source))
    }

    pub(super) fn unsettled(&self, tries: u32) -> LeaseError {
        LeaseError::Unsettled { name: self.name.clone(), place: self.store.place(), tries }
    }

    fn failed(&self, source: StoreFailure) -> LeaseError {
        LeaseError::Store { name: self.name.clone(), place: self.store.place(), source }
    }

    fn silence(&self) -> String {
        format!("no answer within {}", self.limit)
    }

    async fn within<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            answer = answer => Some(answer),
            () = self.clock.sleep(self.limit) => None,
        }
    }
}
