//! What a lease is on.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

/// The name of the thing that is owned, a target or a database for example.
///
/// It is fit to be a file name, a database key and the name of a Kubernetes object's annotation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseName(String);

/// A text that is not the name of a lease.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` cannot name a lease: 1 to 128 of `A-Z`, `a-z`, `0-9`, `_`, `.` and `-` are needed, and \
     the first is neither `.` nor `-`"
)]
pub struct BadName(String);

impl LeaseName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LeaseName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let is_name = (1..=128).contains(&text.len())
            && text.bytes().all(fits)
            && !text.starts_with(['.', '-']);
        if is_name { Ok(Self(text.into())) } else { Err(BadName(text.into())) }
    }
}

impl Display for LeaseName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_out_of_a_directory_or_into_a_statement() {
        for text in ["shop", "prod.shop_1-a", "7"] {
            assert_eq!(text.parse::<LeaseName>().map(|name| name.to_string()), Ok(text.into()));
        }
        let long = "x".repeat(129);
        for text in ["", "..", ".hidden", "-rf", "a/b", "a'b", "a b", "ä", &long] {
            assert_eq!(text.parse::<LeaseName>(), Err(BadName(text.into())));
        }
    }
}
