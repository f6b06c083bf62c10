//! The one file that is read from the working tree: `release.toml`.

use std::io::ErrorKind;
use std::path::Path;

use crate::{Config, ReleaseError};

/// Reads the configuration; where there is none, the next step is said.
pub(crate) fn read(path: &Path) -> Result<Config, ReleaseError> {
    match text(path) {
        Ok(text) => Ok(Config::parse(path, &text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(ReleaseError::NoConfig(path.into()))
        }
        Err(source) => Err(ReleaseError::Read { path: path.into(), source }),
    }
}

#[expect(clippy::disallowed_methods, reason = "the file adapter of this crate")]
fn text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
