//! Versions of secrets: what a pin names.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

/// A version of a secret, by the id that its source gave it and that never names another one.
///
/// Secrets Manager: the id of the version. Parameter Store: its number. Key Vault: its 32 digits.
/// Kubernetes: the object's resource version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(String);

/// A label that moves from version to version: `AWSCURRENT`, or a label of Parameter Store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stage(String);

/// A text that names no version and no stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadVersion(&'static str);

impl VersionId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VersionId {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(BadVersion("the id of a version is 1 to 64 of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`"))
    }
}

impl Stage {
    /// The stage that Secrets Manager means if none is said.
    pub const CURRENT: &'static str = "AWSCURRENT";
    /// The stage of a version that a rotation has made and not finished.
    pub const PENDING: &'static str = "AWSPENDING";
    /// The stage of the version that was current before.
    pub const PREVIOUS: &'static str = "AWSPREVIOUS";

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Stage {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+=".contains(&byte);
        if (1..=256).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(BadVersion("a stage is 1 to 256 of letters, digits, `-`, `_`, `.`, `/`, `+` and `=`"))
    }
}

impl Display for VersionId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
