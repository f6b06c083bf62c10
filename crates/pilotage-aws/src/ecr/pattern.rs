//! Patterns over tags, as ECR's mutability settings have them.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// A pattern in which `*` stands for any characters, also none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagPattern(String);

/// Text that ECR would not take for a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not a pattern for tags: 1 to 128 of letters, digits, `_`, `.`, `-` and `*` are"
)]
pub struct InvalidPattern {
    given: String,
}

impl TagPattern {
    /// What AWS says, which need not be checked.
    pub(super) fn told(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the tag fits.
    pub fn fits(&self, tag: &str) -> bool {
        let Some((first, rest)) = self.0.split_once('*') else { return self.0 == tag };
        let Some(tag) = tag.strip_prefix(first) else { return false };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(mut tag) = tag.strip_suffix(last) else { return false };
        middle.split('*').all(|part| {
            let found = tag.split_once(part);
            tag = found.map_or("", |(_, after)| after);
            found.is_some()
        })
    }
}

impl FromStr for TagPattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-*".contains(&byte);
        if (1..=128).contains(&text.len()) && text.bytes().all(fits) {
            return Ok(Self(text.into()));
        }
        Err(InvalidPattern { given: text.into() })
    }
}

impl Display for TagPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_nothing() {
        for (pattern, good, bad) in [
            ("latest", ["latest", "latest"], ["latest1", ""]),
            ("dev-*", ["dev-", "dev-x"], ["dev", "xdev-"]),
            ("*-rc", ["-rc", "v1-rc"], ["rc", "v1-rc2"]),
            ("v*.*-x", ["v1.2-x", "v.-x"], ["v12-x", "v1.2-y"]),
            ("a*a", ["aa", "aba"], ["a", "ab"]),
            ("*", ["", "x"], ["", ""]),
        ] {
            let parsed: TagPattern = pattern.parse().expect("a pattern");
            for tag in good {
                assert!(parsed.fits(tag), "{tag} fits {pattern}");
            }
            for tag in bad.into_iter().filter(|_| pattern != "*") {
                assert!(!parsed.fits(tag), "{tag} does not fit {pattern}");
            }
        }
    }

    #[test]
    fn what_ecr_would_refuse_is_refused_here() {
        for wrong in ["", "a b", "$(x)", &"x".repeat(129)] {
            assert!(wrong.parse::<TagPattern>().is_err(), "{wrong}");
        }
    }
}
