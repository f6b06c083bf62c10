//! What each role promises, as tests that run over every implementation.
//!
//! Each function takes an implementation in a fresh state and fails the test that calls it. Who
//! implements a role runs its suite in one line; the fakes run it as well, so a fake cannot
//! promise less or more than the real thing.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a contract that is broken fails the test"
)]

mod clock;
mod delegated;
mod evidence_store;
mod journal_store;
mod lease;
mod lease_store;
mod migrated;
mod migrator;
mod reading;
mod runner;
mod secret_source;
mod target;

pub use clock::clock;
pub use delegated::{DelegatedBench, delegated_target};
pub use evidence_store::evidence_store;
pub use journal_store::journal_store;
pub use lease::lease;
pub use lease_store::lease_store;
pub use migrated::{MigratedBench, migrated};
pub use migrator::migrator;
pub use reading::{approvals, metrics, probe};
pub use runner::{RunnerBench, runner};
pub use secret_source::{Holding, secret_source};
pub use target::{TargetBench, target};
