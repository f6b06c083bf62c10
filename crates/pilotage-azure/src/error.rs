//! What can go wrong with Azure.

use pilotage_identity::web;

/// A call to Azure, or its preparation, failed. Never repeats a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something that is needed is not set.
    #[error("{what} needs `{missing}`: set it, or leave all of its settings out")]
    Incomplete {
        /// What cannot be done.
        what: &'static str,
        /// The variable or key that is missing.
        missing: &'static str,
    },
    /// A setting has a value that it cannot have.
    #[error("`{setting}` cannot be `{given}`: {expected}")]
    Setting {
        /// Which setting.
        setting: &'static str,
        /// Its value.
        given: String,
        /// What it can be.
        expected: &'static str,
    },
    /// There is no token of the CI system or the cluster to log in with.
    #[error(transparent)]
    Identity(#[from] pilotage_identity::Error),
    /// Azure was asked in vain.
    #[error(transparent)]
    Web(#[from] web::Error),
    /// The command line could not be asked.
    #[error("`{command}` failed: {why}; sign in with `az login`, or set up another login")]
    CommandLine {
        /// What was run.
        command: String,
        /// What it said.
        why: String,
    },
}

impl Error {
    /// Whether asking again may help.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Web(error) => error.is_passing(),
            Self::Identity(error) => error.is_passing(),
            Self::Incomplete { .. } | Self::Setting { .. } | Self::CommandLine { .. } => false,
        }
    }

    /// Whether a person must change something before asking again helps.
    pub const fn is_setup(&self) -> bool {
        match self {
            Self::Incomplete { .. } | Self::Setting { .. } => true,
            Self::Web(error) => matches!(error, web::Error::Address { .. }),
            Self::Identity(error) => !matches!(error, pilotage_identity::Error::Web(_)),
            Self::CommandLine { .. } => false,
        }
    }
}
