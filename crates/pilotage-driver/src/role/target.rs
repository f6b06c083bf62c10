//! One place that runs a service.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Capabilities, Observation, Order, Outcome, ReadFailure};

/// One place that runs a service: an ECS service, a fleet of hosts, a Kubernetes workload.
///
/// # Contract
///
/// - **Orders are declarative.** An order names the state to reach. Carrying out the same order
///   twice, or one whose state is reached already, changes nothing and is `Applied`.
/// - **Fences are compared.** An order below the fence of the target is refused with
///   [`StaleFence`](pilotage_rollout::target::Rejection::StaleFence), at the write itself where
///   the platform allows it. `Claim` raises the fence and touches nothing else.
/// - **The outcome is never guessed.** `NotApplied` means that it did not happen *and never
///   will*; an implementation that cannot be sure answers `Unknown`. It never repeats a write
///   whose outcome it does not know: it returns, and the engine reads back.
/// - **`Applied` means accepted**, not finished. The driver does not wait in `apply`; the engine
///   watches `observe` until the state shows, at most
///   [`lag`](pilotage_rollout::target::Capabilities::lag) later.
/// - **Observations are read where they are true:** traffic from the router, units from the
///   platform, digests from what runs. `observe` changes nothing.
/// - **Answers are bounded** and free of secrets, for they are journalled: a few failing units with
///   a few lines each, far below [`LONGEST_LINE`](crate::journal::LONGEST_LINE).
/// - **Cancellation.** Dropping `observe` leaves nothing behind. Dropping `apply` leaves a write
///   that may take effect for as long as
///   [`settle`](pilotage_rollout::target::Capabilities::settle) says, and not later.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Target: Debug + Send + Sync {
    /// What this target can do. Answers at once and always the same.
    fn capabilities(&self) -> Capabilities;

    /// Reads the live state.
    async fn observe(&self) -> Result<Observation, ReadFailure>;

    /// Carries out one order of this run, once.
    async fn apply(&self, run: &RunId, order: &Order) -> Outcome;
}
