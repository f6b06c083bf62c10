//! Fakes of every role: they hold state, are strict, and have knobs for faults.
//!
//! All of them can be told to [die](Death) at any of their await points, which is how tests kill
//! a driver everywhere that it can be killed. Their locks are held for moments and never across
//! an await point; a poisoned one means that a test has failed already.

#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a fake that is misused fails the test"
)]

pub mod azure;
mod clock;
mod database;
mod death;
pub mod ecs;
mod evidence;
mod hasty;
mod journal;
mod lease;
mod lease_store;
mod metrics;
mod migrator;
mod people;
mod probe;
mod program;
pub mod registry;
mod runner;
mod target;
pub mod vault;
mod watcher;

pub use azure::FakeAzure;
pub use clock::FakeClock;
pub use database::{FakeDatabase, World as MigratedWorld};
pub use death::Death;
pub use ecs::FakeEcs;
pub use evidence::{EvidenceFault, FakeEvidence};
pub use hasty::HastyClock;
pub use journal::{FakeJournals, StoreFault};
pub use lease::FakeLease;
pub use lease_store::{FakeLeaseStore, LeaseFault};
pub use metrics::FakeMetrics;
pub use migrator::FakeMigrator;
pub use people::{FakeApprovals, FakeNotifier};
pub use probe::FakeProbe;
pub use program::FakeProgram;
pub use registry::FakeRegistry;
pub use runner::FakeRunner;
pub use target::{ApplyFault, FakeTarget, World};
pub use vault::FakeVault;
pub use watcher::{FakeWatcher, Seen};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks what a failed test may have poisoned; the failure is reported already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
