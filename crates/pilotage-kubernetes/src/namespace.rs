//! Where in a cluster something is.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The name of a namespace: 1 to 63 of `a-z`, `0-9` and `-`, with no `-` at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Namespace(String);

/// Text that cannot name a namespace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a namespace: 1 to 63 of `a-z`, `0-9` and `-` can, with no `-` at either \
     end"
)]
pub struct InvalidNamespace {
    given: String,
}

impl Namespace {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Namespace {
    type Err = InvalidNamespace;

    fn from_str(text: &str) -> Result<Self, InvalidNamespace> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=63).contains(&text.len())
            && text.bytes().all(fits)
            && !text.starts_with('-')
            && !text.ends_with('-');
        if is_name { Ok(Self(text.into())) } else { Err(InvalidNamespace { given: text.into() }) }
    }
}

impl Display for Namespace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_cannot_lead_out_of_its_place() {
        let longest = "x".repeat(63);
        for text in ["shop", "7", "a-b", &longest] {
            assert_eq!(text.parse::<Namespace>().map(|name| name.to_string()), Ok(text.into()));
        }
        let long = "x".repeat(64);
        for text in ["", "-", "a-", "-a", "A", "a.b", "a/b", "../x", "a b", "ä", &long] {
            assert!(text.parse::<Namespace>().is_err(), "{text}");
        }
    }
}
