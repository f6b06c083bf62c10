//! What this machine itself holds: `env:NAME` and `file:PATH`.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;
use std::path::Path;

use super::BadReference;

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variable(String);

/// The path of a file; a relative one begins at the directory of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(String);

impl Variable {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FilePath {
    /// The path.
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl FromStr for Variable {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, BadReference> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let digit = |first: char| first.is_ascii_digit();
        if (1..=255).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with(digit) {
            return Ok(Self(text.into()));
        }
        Err(BadReference::new(
            "this cannot name an environment variable",
            "use letters, digits and `_`, and no digit first",
        ))
    }
}

impl FromStr for FilePath {
    type Err = BadReference;

    fn from_str(text: &str) -> Result<Self, BadReference> {
        let fits = |letter: char| !letter.is_control() && letter != '#';
        if (1..=4096).contains(&text.len()) && text.chars().all(fits) && !text.ends_with('/') {
            return Ok(Self(text.into()));
        }
        Err(BadReference::new(
            "this cannot be the path of a file",
            "use a path without `#` and control characters that does not end in `/`",
        ))
    }
}

impl Display for Variable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Display for FilePath {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
