//! Time-bound single ownership of one target.

use core::fmt::Debug;
use std::error::Error;

use async_trait::async_trait;
use pilotage_rollout::{Fence, Span};

/// Time-bound single ownership of one target. A value of this trait is the lease *on one thing*,
/// as seen by one would-be holder.
///
/// # Contract
///
/// - **One holder a fence.** `acquire` grants a fence that is above every fence that was ever
///   granted for this thing and above `above`. A fence is spent even if its holder never uses it,
///   and it is durable before `acquire` returns.
/// - **Busy is an answer, not an error**, and says who holds it, in words for a person.
/// - **A grant lasts for its `ttl`** from the moment that `acquire` or `renew` was *called*. The
///   holder counts that by its own clock and stops acting before; it never relies on the store's.
/// - **`renew` never takes a lease back**: once it answered `Lost`, only `acquire` helps.
/// - **`release`** ends the grant early and keeps the fence. Releasing what is not held does
///   nothing. A holder that dies without it loses the lease when the time is up, or earlier where
///   the store can see the death.
/// - **Cancellation.** A dropped `acquire` may have spent a fence and may hold the lease until
///   its time is up. A dropped `renew` may or may not have renewed; calling it again is harmless.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Lease: Debug + Send + Sync {
    /// Asks for ownership under a fence above this one; `holder` is what others are told.
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure>;

    /// Prolongs the ownership under this fence.
    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure>;

    /// Gives up the ownership under this fence.
    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure>;
}

/// The answer to a request for ownership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acquired {
    /// It is granted.
    Held(Grant),
    /// Somebody else has it.
    Busy {
        /// Who, in words for a person.
        holder: String,
    },
}

/// An ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Its number.
    pub fence: Fence,
    /// How long it lasts without being renewed.
    pub ttl: Span,
}

/// The answer to a request to prolong an ownership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewed {
    /// It lasts for another `ttl`.
    Kept,
    /// It is over.
    Lost {
        /// To whom, as far as is known.
        reason: String,
    },
}

/// The lease's store could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("the lease in {place} cannot be used: {reason}")]
pub struct LeaseFailure {
    /// Which lease.
    pub place: String,
    /// What was being done, and what was seen.
    pub reason: String,
    /// The system's own word, where there is one.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}
