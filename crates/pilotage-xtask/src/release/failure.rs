//! Why a command about releases did not succeed, and what the shell is told.

use pilotage_release::ReleaseError;

use crate::Error;

/// Why a command about releases did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseFailure {
    /// Nothing was done, or not everything.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// A release is not what it says.
    #[error("{0} checks failed; each line above says what to do")]
    Failed(usize),
    /// The machine refused something.
    #[error(transparent)]
    Task(#[from] Error),
}

impl ReleaseFailure {
    /// The exit code: 1 failed, 2 usage or configuration, 4 unknown, 6 refused, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Release(error) => error.exit_code(),
            Self::Task(Error::Interrupted { .. }) => 130,
            Self::Failed(_) | Self::Task(_) => 1,
        }
    }
}
