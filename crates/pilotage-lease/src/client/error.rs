//! What can go wrong with a store.

use crate::{Course, LeaseName, StoreFailure};

/// A lease cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// The store does not work.
    #[error("the lease `{name}` in {place} cannot be used")]
    Store {
        /// Which lease.
        name: LeaseName,
        /// Where.
        place: String,
        /// What is wrong.
        source: StoreFailure,
    },
    /// The store answers, but what it says does not settle, because others keep writing or
    /// answers keep getting lost.
    #[error("the lease `{name}` in {place} cannot be used: {tries} tries have settled nothing")]
    Unsettled {
        /// Which lease.
        name: LeaseName,
        /// Where.
        place: String,
        /// How often it was tried.
        tries: u32,
    },
}

impl LeaseError {
    /// Whether waiting can help.
    pub const fn course(&self) -> Course {
        match self {
            Self::Store { source, .. } => source.course,
            Self::Unsettled { .. } => Course::Passes,
        }
    }
}
