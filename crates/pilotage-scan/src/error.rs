//! Why a scan could not be made.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A file or folder could not be read.
    #[error("could not read `{}` to look for secrets", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The history could not be read.
    #[error("could not read the history to look for secrets")]
    History(#[from] pilotage_git::GitError),
    /// The allow-list is not one.
    #[error(
        "the allow-list cannot be read; write `[[allow]]` tables with `reason` and at least one of \
         `path`, `rule` and `fingerprint`"
    )]
    AllowList(#[from] toml::de::Error),
    /// An entry of the allow-list allows everything, or says no reason.
    #[error("entry {number} of the allow-list {problem}")]
    Entry {
        /// Which, from one.
        number: usize,
        /// What is wrong with it, and what to do.
        problem: &'static str,
    },
}
