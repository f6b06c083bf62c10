//! Who can tell that an owner is dead.

use core::fmt::Debug;

use async_trait::async_trait;

use crate::{LeaseName, Ticket};

/// Who can tell that an owner is dead, so that nobody has to wait for the end of its term: the
/// kernel for a process of this machine, the platform for a task that has stopped.
///
/// # Contract
///
/// `is_dead` says yes only upon proof that the owner will never act again; silence, an error, or
/// an owner that is only suspended is a no. It may wait a little and has no effect.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Witness: Debug + Send + Sync {
    /// Whether the owner of this ticket is certainly dead.
    async fn is_dead(&self, name: &LeaseName, ticket: Ticket) -> bool;
}

/// Nobody can tell.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWitness;

#[async_trait]
impl Witness for NoWitness {
    async fn is_dead(&self, _: &LeaseName, _: Ticket) -> bool {
        false
    }
}
