//! The roles that the driver needs filled: what it may ask of the world, and nothing more.
//!
//! Each role is a small trait that speaks the engine's own types; SDKs live behind it. Common to
//! all of them:
//!
//! - **Deadlines** are the driver's business. It drops a call that does not answer in time, so an
//!   implementation must be *safe to drop at any await point*; each trait says what that leaves.
//! - **Retries** of one request (throttling, a lost connection) belong to the implementation if
//!   they fit into the deadline and cannot do anything twice. All other repetition is decided by
//!   the engine: the driver never calls twice for one effect.
//! - **`Debug`** is required, so that logs and test failures name the implementation.

mod approvals;
mod journal_store;
mod lease;
mod metrics;
mod migrator;
mod notifier;
mod probe;
mod target;
mod watcher;

pub use approvals::{Approvals, NoApprovals};
pub use journal_store::{JournalStore, StoreError, nameable};
pub use lease::{Acquired, Grant, Holder, Lease, LeaseFailure, Renewed};
pub use metrics::{Metrics, NoMetrics};
pub use migrator::{Migrator, NoMigrations};
pub use notifier::{Note, Notice, Notifier, NotifyFailure, Silence};
pub use pilotage_clock::{Clock, SystemClock};
pub use probe::{NoProbes, Probe};
pub use target::Target;
pub use watcher::{News, Unwatched, Watcher};

#[cfg(feature = "mock")]
pub use pilotage_clock::MockClock;

#[cfg(feature = "mock")]
pub use self::{
    approvals::MockApprovals, journal_store::MockJournalStore, lease::MockLease,
    metrics::MockMetrics, migrator::MockMigrator, notifier::MockNotifier, probe::MockProbe,
    target::MockTarget, watcher::MockWatcher,
};
