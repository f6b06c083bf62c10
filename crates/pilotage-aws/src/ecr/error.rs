//! What can go wrong with a repository.

use super::RepositoryName;
use crate::Failure;

/// A repository could not be used.
#[derive(Debug, thiserror::Error)]
pub enum EcrError {
    /// It is not there.
    #[error("there is no repository `{name}` in {place}: create it with `{command}`")]
    NoRepository {
        /// Its name.
        name: RepositoryName,
        /// The registry.
        place: String,
        /// What creates it.
        command: String,
    },
    /// AWS could not be asked, or refused.
    #[error(transparent)]
    Aws(#[from] Failure),
}
