//! What the CI system could not be told.

use std::path::PathBuf;

/// What the CI system could not be told. None of it says anything about the run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CiError {
    /// A file that the CI system reads could not be written.
    #[error("`{}` cannot be written, so the {what} is missing in CI", path.display())]
    File {
        /// What was to be written.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("the system gave no random bytes, without which text from outside cannot be fenced")]
    NoRandomness {
        /// Why not.
        source: getrandom::Error,
    },
}
