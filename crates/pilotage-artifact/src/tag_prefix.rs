//! The git tags of one line of releases: a prefix and a version.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::Version;
use crate::text::serde_as_text;

/// The longest prefix; with a version it still is a file name on every system.
const LONGEST: usize = 100;

/// What stands before the version in the git tags of a line: `v`, or `app-7/v` in a monorepo.
///
/// Tags are filtered by the prefix before anything is read as a version, so that the tags of one
/// line never cost or confuse another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagPrefix(Arc<str>);

impl TagPrefix {
    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The git tag of a version.
    pub fn tag(&self, version: &Version) -> String {
        alloc::format!("{self}{version}")
    }

    /// The version that a git tag names, if it is one of this line.
    pub fn version(&self, tag: &str) -> Option<Version> {
        tag.strip_prefix(&*self.0)?.parse().ok()
    }
}

impl Default for TagPrefix {
    fn default() -> Self {
        Self("v".into())
    }
}

impl Display for TagPrefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that cannot stand before the version in a git tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot begin a git tag: use at most {LONGEST} of letters, digits, `.`, `_`, `-` and \
     single `/`, each part beginning with a letter, for example `v` or `app-7/v`"
)]
pub struct InvalidTagPrefix {
    given: String,
}

impl FromStr for TagPrefix {
    type Err = InvalidTagPrefix;

    /// What begins with a letter everywhere can be no option, no hidden file and no `..` of git.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let part = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
        let whole = |text: &str| {
            let folders = text.strip_suffix('/').unwrap_or(text);
            folders.split('/').all(|p| {
                part(p)
                    && p.bytes().all(inner)
                    && !p.contains("..")
                    && p.strip_suffix(".lock").is_none()
            })
        };
        if text.len() <= LONGEST && (text.is_empty() || whole(text)) {
            return Ok(Self(text.into()));
        }
        Err(InvalidTagPrefix { given: text.into() })
    }
}

serde_as_text!(TagPrefix);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_sees_its_own_tags_only() {
        let app: TagPrefix = "app-7/v".parse().expect("a prefix");
        let version: Version = "1.4.0".parse().expect("a version");
        assert_eq!(app.tag(&version), "app-7/v1.4.0");
        assert_eq!(app.version("app-7/v1.4.0"), Some(version.clone()));
        for tag in ["v1.4.0", "app-70/v1.4.0", "app-7/v1.4", "app-7/vx", "app-7/v1.4.0.0"] {
            assert_eq!(app.version(tag), None, "{tag}");
        }
        let bare: TagPrefix = "".parse().expect("no prefix at all");
        assert_eq!(bare.version("1.4.0"), Some(version));
    }

    #[test]
    fn refuses_what_git_or_a_shell_would_misread() {
        for text in ["-v", "/v", "a//v", "a b", "v*", "a..b", "a/.b", "x.lock/v", "ä", "v~", "@{"]
        {
            assert!(text.parse::<TagPrefix>().is_err(), "{text}");
        }
        for text in ["", "v", "release/", "services/app-7/v", "app_1."] {
            assert!(text.parse::<TagPrefix>().is_ok(), "{text}");
        }
    }
}
