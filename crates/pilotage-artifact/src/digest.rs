//! A content digest, the only name of an artifact that is a fact rather than a request.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::text::serde_as_text;

const PREFIX: &str = "sha256:";

/// A SHA-256 content digest, written `sha256:<64 lower-case hexadecimal digits>`.
///
/// ```
/// use pilotage_artifact::Digest;
///
/// let digest = Digest::of(b"hello");
/// assert_eq!(digest.to_string().parse(), Ok(digest));
/// assert!("sha256:ABC".parse::<Digest>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest whose raw bytes somebody else computed, piece by piece.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw digest.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve hexadecimal digits: enough for a person to tell two digests apart.
    pub fn short(&self) -> String {
        let mut text = alloc::format!("{self}").split_off(PREFIX.len());
        text.truncate(12);
        text
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        hex::encode(&self.0, f)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}

/// Text that is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` is not a digest: expected `sha256:` and 64 lower-case hexadecimal digits, as in \
     the `Digest:` line of the registry"
)]
pub struct InvalidDigest {
    given: String,
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix(PREFIX)
            .and_then(hex::decode)
            .map(Self)
            .ok_or_else(|| InvalidDigest { given: text.into() })
    }
}

serde_as_text!(Digest);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const HELLO: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn matches_the_published_vector() {
        assert_eq!(Digest::of(b"hello").to_string(), HELLO);
        assert_eq!(Digest::of(b"hello").short(), "2cf24dba5fb0");
    }

    #[test]
    fn refuses_what_is_almost_a_digest() {
        let upper = HELLO.to_uppercase();
        let short = &HELLO[..HELLO.len() - 1];
        for text in
            ["", "sha256:", "sha512:00", "latest", &upper, short, &(HELLO.to_string() + "0")]
        {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
