//! A token in a file, which whoever wrote it renews in place.

use std::path::PathBuf;

use async_trait::async_trait;
use secrecy::SecretString;

use crate::{Audience, Error, Identity};

/// A token of the cluster or of the CI system in a file, read anew each time.
///
/// For whom it is has been decided by whoever wrote it.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

impl TokenFile {
    /// The token in this file; it is not read yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

#[async_trait]
impl Identity for TokenFile {
    async fn token(&self, _: Audience) -> Result<SecretString, Error> {
        let text = read(&self.0);
        let text = text.map_err(|source| Error::File { path: self.0.clone(), source })?;
        Ok(SecretString::from(text.trim()))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the token's file")]
fn read(path: &PathBuf) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
