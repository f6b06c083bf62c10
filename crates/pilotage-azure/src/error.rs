//! What can go wrong with Azure.

use std::path::PathBuf;

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
    /// An address to which no secret may be sent.
    #[error(
        "`{address}` cannot be used to {doing}: it must begin with `https://`; plain HTTP is for \
         this machine alone"
    )]
    Address {
        /// What was to be done.
        doing: String,
        /// The address.
        address: String,
    },
    /// The file with the CI system's token cannot be read.
    #[error("the federated token in `{}` cannot be read: check `AZURE_FEDERATED_TOKEN_FILE`", .path.display())]
    TokenFile {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Azure said no.
    #[error("could not {doing}: status {status}, {code}: {said}")]
    Refused {
        /// What was to be done.
        doing: String,
        /// The status.
        status: u16,
        /// Azure's code, such as `invalid_client`.
        code: String,
        /// Azure's own words; for Entra ID they begin with an `AADSTS` number.
        said: String,
    },
    /// Nobody answered.
    #[error(
        "could not {doing}: nobody can be reached; check the network and proxy of this machine"
    )]
    Unreachable {
        /// What was to be done.
        doing: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer came in time.
    #[error("could not {doing}: no answer within {seconds} s")]
    TimedOut {
        /// What was to be done.
        doing: String,
        /// For how long one waited.
        seconds: u64,
    },
    /// The answer makes no sense.
    #[error("could not {doing}: the answer makes no sense: {why}")]
    Unreadable {
        /// What was to be done.
        doing: String,
        /// What is wrong with it.
        why: String,
    },
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
            Self::Unreachable { .. } | Self::TimedOut { .. } => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500 | 502..=504),
            _ => false,
        }
    }

    /// Whether a person must change something before asking again helps.
    pub const fn is_setup(&self) -> bool {
        matches!(
            self,
            Self::Incomplete { .. }
                | Self::Setting { .. }
                | Self::Address { .. }
                | Self::TokenFile { .. }
        )
    }
}
