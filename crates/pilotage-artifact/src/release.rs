//! A release: what is shipped together, and where it stands in the order of releases.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Digest;
use crate::text::serde_as_text;

/// The longest identity that every kind of target can carry in a label or a tag.
const LONGEST: usize = 63;

/// The identity of a release: 1 to 63 of `[a-z0-9.-]`, beginning and ending with a letter or digit.
///
/// The rule is that of a Kubernetes label in lower case, the narrowest of the places that carry it.
/// Copies share one text, because every observation of a target names its releases again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseId(Arc<str>);

impl ReleaseId {
    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ReleaseId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that cannot name a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a release: use 1 to 63 of `a-z`, `0-9`, `.` and `-`, beginning and \
     ending with a letter or digit, for example `v1-4-0.3f9c2ab`"
)]
pub struct InvalidReleaseId {
    given: String,
}

impl FromStr for ReleaseId {
    type Err = InvalidReleaseId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        let fits = bytes.len() <= LONGEST && bytes.iter().all(inner);
        if fits && edge(bytes.first()) && edge(bytes.last()) {
            return Ok(Self(text.into()));
        }
        Err(InvalidReleaseId { given: text.into() })
    }
}

serde_as_text!(ReleaseId);

/// A release as a target needs to know it: who it is, what its content is, and what it follows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The identity that units of this release carry and answer with.
    pub id: ReleaseId,
    /// The digest of everything that a unit is made of: artifacts, configuration, secret versions.
    pub digest: Digest,
    /// The place in the order of releases: a later commit has a larger number.
    pub sequence: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_target_can_carry() {
        for text in ["a", "v1-4-0.3f9c2ab", "2026.11.20", &"a".repeat(63)] {
            assert!(text.parse::<ReleaseId>().is_ok(), "{text}");
        }
        for text in ["", "-a", "a-", "A", "a_b", "a/b", "ä", &"a".repeat(64)] {
            assert!(text.parse::<ReleaseId>().is_err(), "{text}");
        }
    }
}
