//! Whoever applies expand migrations.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{MigrationId, Order, Outcome, ReadFailure, Rejection, Schema};

/// Whoever applies expand migrations: a one-off task, a job, or a tool on this machine.
///
/// # Contract
///
/// - **At most once at a time.** `apply` while the same or another set is being applied starts
///   nothing; it answers `Applied` if it is the same set, and `Busy` otherwise.
/// - **A set that is applied stays applied**: applying it again changes nothing and is `Applied`.
/// - **`inspect` reads the database's own history**, so that it answers the same on any machine.
///   A set that failed half-way is `Dirty` with the database's own words until a person repairs it.
/// - **The outcome is never guessed**, as in [`Target`](super::Target): a migration whose start
///   got no answer is `Unknown`, and `inspect` decides.
/// - **Cancellation.** Dropping `inspect` leaves nothing behind. Dropping `apply` never tears a
///   migration: it goes on under its own deadline, and `inspect` shows `Applying` meanwhile.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Migrator: Debug + Send + Sync {
    /// Reads how far this set is applied.
    async fn inspect(&self, migration: &MigrationId) -> Result<Schema, ReadFailure>;

    /// Starts applying the set that the order names; may wait for it to finish.
    async fn apply(&self, run: &RunId, order: &Order) -> Outcome;
}

/// For services without a database. A plan that asks for migrations all the same is refused,
/// rather than taken for migrated.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMigrations;

const UNCONFIGURED: &str = "the plan asks for migrations and no migrator is configured";

#[async_trait]
impl Migrator for NoMigrations {
    async fn inspect(&self, _: &MigrationId) -> Result<Schema, ReadFailure> {
        Err(ReadFailure::Refused { reason: UNCONFIGURED.into() })
    }

    async fn apply(&self, _: &RunId, _: &Order) -> Outcome {
        Outcome::NotApplied(Rejection::Refused { reason: UNCONFIGURED.into() })
    }
}
