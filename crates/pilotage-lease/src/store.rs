//! What a lease needs of a store: to read, and to compare and swap.

use core::fmt::Debug;
use std::error::Error;

use async_trait::async_trait;

use crate::{LeaseName, Record};

/// Where records are kept: one for each name, replaced as a whole.
///
/// # Contract
///
/// - **`read` shows the last acknowledged write**, or a later one. A store that also offers older
///   answers is asked for consistent ones.
/// - **`write` compares and swaps in one step.** It is applied if and only if what is there has
///   the expected tag, or if nothing is there and nothing is expected.
/// - **Tags are opaque** and never repeat for one name: a revision, an `ETag`, a resource version.
/// - **Three outcomes.** `Applied` and `Refused` are certain. After anything else that *may* have
///   been applied, now or later, the answer is `Unknown`; it is never repeated inside. An error
///   means that certainly nothing was done and nothing is under way.
/// - **Nothing is ever deleted.** A record that cannot be understood is an error, for beginning
///   anew would grant a fence twice.
/// - **Cancellation.** A dropped `write` is an unknown one. Nothing else is left behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LeaseStore: Debug + Send + Sync {
    /// Where this is, in words for a person.
    fn place(&self) -> String;

    /// What is there.
    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure>;

    /// Replaces what is there, if that is what is expected.
    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure>;
}

/// A record in a store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stored {
    /// What it says.
    pub record: Record,
    /// By what the store knows this version of it.
    pub tag: Tag,
}

/// By what a store knows one version of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tag(pub String);

/// A wish to replace what is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Proposal {
    /// The version that must be there; none means that nothing may be there.
    pub expected: Option<Tag>,
    /// What to put there.
    pub record: Record,
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It is done.
    Applied(Tag),
    /// Something else was there; nothing was done.
    Refused,
    /// It may be done already, may be done later, or never.
    Unknown {
        /// What was seen.
        reason: String,
    },
}

/// A store could not be used; nothing was done.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct StoreFailure {
    /// What was being done, and what was seen.
    pub reason: String,
    /// Whether waiting can help.
    pub course: Course,
    /// The system's own word, where there is one.
    #[source]
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

/// What becomes of a failure if nobody does anything about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It may pass: there was no connection, no answer, or too much to do.
    Passes,
    /// It stays until a person changes something: credentials, rights, an address, a setting.
    Stays,
}

impl StoreFailure {
    /// A failure that nothing else explains.
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), course: Course::Passes, source: None }
    }

    /// A failure with the system's own word.
    pub fn from_source(
        reason: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self { source: Some(source.into()), ..Self::because(reason) }
    }

    /// The same, which stays until a person changes something.
    pub fn that_stays(self) -> Self {
        Self { course: Course::Stays, ..self }
    }
}
