//! Starting processes and locking files, kept apart.
//!
//! A process that is being started holds copies of all open files, and so of all locks, until its
//! program is loaded. Tests that share one process would see each other's locks held for that
//! moment; a deploying process of its own starts nothing while it writes.

use async_trait::async_trait;
use pilotage_artifact::Release;
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_driver::journal::Head;
use pilotage_driver::role::{
    Acquired, Holder, JournalStore, Lease, LeaseFailure, Probe, Renewed, StoreError,
};
use pilotage_host::local::LocalProbe;
use pilotage_rollout::Fence;
use pilotage_rollout::gate::Smoke;
use pilotage_rollout::journal::RunId;
use tokio::sync::{Mutex, MutexGuard};

static TURN: Mutex<()> = Mutex::const_new(());

/// Held while a process is started or a lock is taken or given up.
pub(crate) async fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().await
}

/// A role that takes turns.
#[derive(Debug)]
pub(crate) struct Apart<T>(pub(crate) T);

#[async_trait]
impl JournalStore for Apart<FileJournalStore> {
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        let _turn = turn().await;
        self.0.load(run).await
    }

    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        let _turn = turn().await;
        self.0.append(run, expected, line).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.0.runs().await
    }
}

#[async_trait]
impl Lease for Apart<FileLease> {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        let _turn = turn().await;
        self.0.acquire(holder, above).await
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        self.0.renew(fence).await
    }

    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        let _turn = turn().await;
        self.0.release(fence).await
    }

    async fn holder(&self) -> Result<Option<Holder>, LeaseFailure> {
        let _turn = turn().await;
        self.0.holder().await
    }
}

#[async_trait]
impl Probe for Apart<LocalProbe> {
    async fn check(&self, candidate: &Release, smoke: &Smoke) -> Result<(), String> {
        let _turn = turn().await;
        self.0.check(candidate, smoke).await
    }
}
