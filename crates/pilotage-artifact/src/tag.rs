//! A tag of an image: what somebody asks for, never what something is.

use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::text::serde_as_text;
use crate::{CommitId, Digest};

/// The longest tag that a registry must accept.
pub(crate) const LONGEST: usize = 128;

/// A tag: 1 to 128 of `[A-Za-z0-9._-]`, not beginning with `.` or `-`.
///
/// A tag is a request; the [`Digest`](crate::Digest) that a registry answers with is a fact. They
/// are different types, and nothing here makes one of the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(Arc<str>);

impl Tag {
    /// The tag of the build of a commit: `sha-` and the whole id.
    pub fn of_commit(commit: CommitId) -> Self {
        Self::known_good(&alloc::format!("sha-{commit}"))
    }

    /// The tag under which clients find what refers to a digest, where a registry keeps no list:
    /// `sha256-` and the hexadecimal digits.
    pub fn of_digest(digest: Digest) -> Self {
        Self::known_good(&digest.to_string().replacen(':', "-", 1))
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For text that a caller in this crate has made of parts that fit.
    pub(crate) fn known_good(text: &str) -> Self {
        debug_assert!(fits(text), "{text} is no tag");
        Self(text.into())
    }
}

impl Display for Tag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is not a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not a tag: use 1 to {LONGEST} of letters, digits, `.`, `_` and `-`, beginning \
     with a letter, a digit or `_`; the `+` of a version is written `_`"
)]
pub struct InvalidTag {
    given: String,
}

impl FromStr for Tag {
    type Err = InvalidTag;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if fits(text) { Ok(Self(text.into())) } else { Err(InvalidTag { given: text.into() }) }
    }
}

fn fits(text: &str) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let inner = |byte: &u8| word(byte) || matches!(byte, b'.' | b'-');
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST && bytes.first().is_some_and(word) && bytes.iter().all(inner)
}

serde_as_text!(Tag);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_registry_accepts_is_a_tag_and_nothing_else() {
        for text in ["latest", "v1.4.0-rc.1_b5", "_", "A", &"a".repeat(128)] {
            assert!(text.parse::<Tag>().is_ok(), "{text}");
        }
        for text in ["", ".a", "-a", "v1.0.0+b", "a/b", "a:b", "ä", "a b", &"a".repeat(129)] {
            assert!(text.parse::<Tag>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_build_is_named_by_the_whole_id() {
        let id = "460e42a42c0f7d5a1b2c3d4e5f60718293a4b5c6";
        let tag = Tag::of_commit(id.parse().expect("an id"));
        assert_eq!(tag.as_str(), alloc::format!("sha-{id}"));
    }
}
