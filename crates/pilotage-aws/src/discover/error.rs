//! Values that were not found.

use std::sync::Arc;

use super::Source;
use crate::Failure;

/// A value that was not found.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Undiscovered {
    /// There is no such source.
    #[error("{source_of} is not there{}: deploy it first, or correct the name", meant(.near))]
    NoSource {
        /// What was looked for.
        source_of: Source,
        /// What may have been meant.
        near: Vec<String>,
    },
    /// The source has no value of this name.
    #[error("there is no `{name}` in {source_of}{}", meant(.near))]
    NoValue {
        /// Where it was looked for.
        source_of: Source,
        /// What was looked for.
        name: String,
        /// What may have been meant.
        near: Vec<String>,
    },
    /// The value may not be shown.
    #[error(
        "`{name}` of {source_of} is sensitive, and a configuration is shown to many: name it as a \
         secret instead"
    )]
    Sensitive {
        /// Where it is.
        source_of: Source,
        /// Its name.
        name: String,
    },
    /// What has the name is no text.
    #[error("`{name}` of {source_of} {why}")]
    Unfit {
        /// Where it is.
        source_of: Source,
        /// Its name.
        name: String,
        /// What it is, and what helps.
        why: String,
    },
    /// The source was read and makes no sense.
    #[error("{source_of} cannot be read: {why}")]
    Unreadable {
        /// Which source.
        source_of: Source,
        /// Why.
        why: String,
    },
    /// The source could not be asked.
    #[error(transparent)]
    Failed(Arc<Failure>),
}

impl From<Failure> for Undiscovered {
    fn from(failure: Failure) -> Self {
        Self::Failed(Arc::new(failure))
    }
}

fn meant(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    format!(" (did you mean {}?)", near.join(" or "))
}
