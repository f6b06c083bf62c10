//! A store that counts what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Written};

/// A store that counts what it is asked.
#[derive(Debug)]
pub(super) struct Counted {
    store: Arc<dyn LeaseStore>,
    calls: AtomicU32,
}

impl Counted {
    pub(super) fn new(store: Arc<dyn LeaseStore>) -> Self {
        Self { store, calls: AtomicU32::new(0) }
    }

    pub(super) fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl LeaseStore for Counted {
    fn place(&self) -> String {
        self.store.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.store.read(name).await
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.store.write(name, proposal).await
    }
}
