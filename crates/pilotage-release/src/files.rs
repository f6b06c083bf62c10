//! The files that hold the version, edited where it stands and nowhere else.
//!
//! What a file is, is told by its name. Comments, order, indentation and line ends stay as they
//! are. A file that does not say its version where it should is an error, never skipped.

mod cargo;
mod json;

use pilotage_artifact::{InvalidVersion, Version};

/// A file with another version in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The path in the repository.
    pub path: String,
    /// The version that it held.
    pub from: Version,
    /// The whole new content.
    pub content: String,
}

/// Why a version file cannot be read or edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It is not there.
    #[error("`{path}` is not committed; commit it, or take it out of `files`")]
    Missing {
        /// Which file.
        path: String,
    },
    /// It is no text.
    #[error("`{path}` is not UTF-8 text")]
    NotText {
        /// Which file.
        path: String,
    },
    /// It cannot be parsed.
    #[error("`{path}` cannot be read: {why}")]
    Malformed {
        /// Which file.
        path: String,
        /// The parser's words.
        why: String,
    },
    /// It holds no version.
    #[error("`{path}` has no {place}; add it, or take the file out of `files`")]
    NoVersion {
        /// Which file.
        path: String,
        /// Where it should be.
        place: &'static str,
    },
    /// What it holds is no version.
    #[error("`{path}` holds no version")]
    Invalid {
        /// Which file.
        path: String,
        /// What is wrong with it.
        source: InvalidVersion,
    },
}

/// A version file as it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionFile {
    /// The path in the repository.
    pub path: String,
    /// What it holds.
    pub text: String,
    /// The lock file beside it, if there is one.
    pub lock: Option<(String, String)>,
}

/// The lock file that goes with a manifest.
pub(super) fn lock_of(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(f, n)| (f, n));
    let lock = match name {
        "Cargo.toml" => "Cargo.lock",
        "package.json" => "package-lock.json",
        _ => return None,
    };
    Some(if folder.is_empty() { lock.into() } else { format!("{folder}/{lock}") })
}

impl VersionFile {
    /// The version that it holds.
    pub(super) fn version(&self) -> Result<Version, FileError> {
        let text = match self.name() {
            "Cargo.toml" => cargo::version(&self.path, &self.text)?,
            "package.json" => json::version(&self.path, &self.text)?,
            _ => self.text.trim().trim_start_matches('v').into(),
        };
        let path = self.path.clone();
        text.parse().map_err(|source| FileError::Invalid { path, source })
    }

    /// The files that change when the version does.
    pub(super) fn edits(&self, to: &Version) -> Result<Vec<Edit>, FileError> {
        let from = self.version()?;
        if from == *to {
            return Ok(Vec::new());
        }
        let content = match self.name() {
            "Cargo.toml" => cargo::manifest(&self.path, &self.text, &from, to)?,
            "package.json" => json::package(&self.path, &self.text, to)?,
            _ => self.text.replacen(&from.to_string(), &to.to_string(), 1),
        };
        let mut edits = vec![Edit { path: self.path.clone(), from: from.clone(), content }];
        if let Some((path, text)) = &self.lock {
            let content = match self.name() {
                "Cargo.toml" => cargo::lock(path, text, &from, to)?,
                _ => json::lock(path, text, to)?,
            };
            edits.push(Edit { path: path.clone(), from, content });
        }
        Ok(edits)
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
