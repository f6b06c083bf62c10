//! The identity of a commit, always in full.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::hex;
use crate::text::serde_as_text;

/// The id of a git commit: forty lower-case hexadecimal digits.
///
/// There is no abbreviated form that parses: how many digits are unique depends on the repository
/// and on the tool that asks, and changes as history grows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId([u8; 20]);

impl CommitId {
    /// The commit whose raw id is this.
    pub const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The raw id.
    pub const fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// The first twelve digits, for a person and for build identifiers; always twelve.
    pub fn short(&self) -> String {
        let mut text = alloc::format!("{self}");
        text.truncate(12);
        text
    }
}

impl Display for CommitId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        hex::encode(&self.0, f)
    }
}

impl fmt::Debug for CommitId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "CommitId({})", self.short())
    }
}

/// Text that is not the id of a commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not the id of a commit: expected 40 lower-case hexadecimal digits, as \
     `git rev-parse HEAD` prints them"
)]
pub struct InvalidCommitId {
    given: String,
}

impl FromStr for CommitId {
    type Err = InvalidCommitId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        hex::decode(text).map(Self).ok_or_else(|| InvalidCommitId { given: text.into() })
    }
}

serde_as_text!(CommitId);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn only_a_whole_id_is_one() {
        let text = "460e42a42c0f7d5a1b2c3d4e5f60718293a4b5c6";
        let id: CommitId = text.parse().expect("forty digits");
        assert_eq!((id.to_string().as_str(), id.short().as_str()), (text, "460e42a42c0f"));
        for text in ["", "460e42a42c", &text.to_uppercase(), &(text.to_string() + "0")] {
            assert!(text.parse::<CommitId>().is_err(), "{text}");
        }
    }
}
