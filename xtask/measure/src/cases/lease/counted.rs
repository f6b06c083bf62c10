//! A store that counts what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, StoreFailure, Stored, Written};

/// A store that counts what it is asked.
#[derive(Debug)]
pub(super) struct Counted {
    store: Arc<dyn LeaseStore>,
    reads: AtomicU32,
    writes: AtomicU32,
}

impl Counted {
    pub(super) fn new(store: Arc<dyn LeaseStore>) -> Self {
        Self { store, reads: AtomicU32::new(0), writes: AtomicU32::new(0) }
    }

    /// How often it was looked, and how often written.
    pub(super) fn calls(&self) -> [u32; 2] {
        [&self.reads, &self.writes].map(|calls| calls.load(Ordering::Relaxed))
    }
}

#[async_trait]
impl LeaseStore for Counted {
    fn place(&self) -> String {
        self.store.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.store.read(name).await
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.store.write(name, proposal).await
    }
}
