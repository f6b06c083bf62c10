//! The deploy lease of one machine.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::SystemClock;
use pilotage_lease::LeaseName;
use pilotage_lease::client::LeaseClient;
use pilotage_rollout::Fence;

use super::FileLeaseStore;
use crate::lease::StoreLease;
use crate::role::{Acquired, Lease, LeaseFailure, Renewed};

/// A lease among the processes of this machine. When its holder dies, the kernel says so and the
/// next one need not wait.
#[derive(Debug)]
pub struct FileLease {
    store: Arc<FileLeaseStore>,
    lease: StoreLease,
}

impl FileLease {
    /// The lease on the thing of this name, a target for example, kept in this directory.
    pub fn new(directory: impl Into<PathBuf>, name: &str) -> Result<Self, LeaseFailure> {
        let directory = directory.into();
        let name: LeaseName = name.parse().map_err(|error: pilotage_lease::BadName| {
            let place = directory.join(name).display().to_string();
            LeaseFailure { place, reason: error.to_string(), source: None }
        })?;
        let store = Arc::new(FileLeaseStore::new(directory));
        let clock = Arc::new(SystemClock::new());
        let client = LeaseClient::new(name, store.clone(), clock.clone());
        let lease = StoreLease::new(client.with_witness(store.clone()), clock);
        Ok(Self { store, lease })
    }
}

#[async_trait]
impl Lease for FileLease {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        self.lease.acquire(holder, above).await
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        self.lease.renew(fence).await
    }

    /// Also where that cannot be written, on a full disk for example, the next one need not wait:
    /// whoever asks finds this owner gone.
    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        let owner = self.lease.owner(fence).await;
        let released = self.lease.release(fence).await;
        if let Some(owner) = owner {
            self.store.forget(owner);
        }
        released
    }
}
