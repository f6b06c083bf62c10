//! Why there is no token.

use std::path::PathBuf;

use crate::web;

/// Why there is no token. Never repeats one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The CI system has said only half of what is needed.
    #[error("the job has `{present}` and not `{missing}`: {remedy}")]
    Half {
        /// The variable that is set.
        present: &'static str,
        /// The one that is not.
        missing: &'static str,
        /// What helps.
        remedy: &'static str,
    },
    /// The file with the token cannot be read.
    #[error("the web identity token in `{}` cannot be read", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What was given is no token.
    #[error("what {whence} gave is no token: {why}; it is not shown")]
    Malformed {
        /// Who gave it.
        whence: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The CI system was asked in vain.
    #[error(transparent)]
    Web(#[from] web::Error),
}

impl Error {
    /// Whether asking again may help.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Web(error) => error.is_passing(),
            Self::Half { .. } | Self::File { .. } | Self::Malformed { .. } => false,
        }
    }
}
