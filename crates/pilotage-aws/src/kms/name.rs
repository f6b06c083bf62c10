//! How a key is named.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// The name of a key: its id, `alias/<name>`, or the ARN of either.
///
/// An alias can be pointed at another key. What is signed should name the key by its ARN, which
/// [`super::KmsKey::arn`] gives.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyName(String);

/// Text that cannot name a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}` cannot name a key: its id, `alias/<name>` or an ARN like \
     `arn:aws:kms:eu-central-1:123456789012:key/<id>` can"
)]
pub struct InvalidKeyName {
    given: String,
}

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The region that an ARN tells, which need not be the session's.
    pub fn region(&self) -> Option<&str> {
        self.0.strip_prefix("arn:")?.split(':').nth(2).filter(|region| !region.is_empty())
    }
}

impl FromStr for KeyName {
    type Err = InvalidKeyName;

    fn from_str(text: &str) -> Result<Self, InvalidKeyName> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/_-".contains(&byte);
        let is_arn = |text: &str| text.split(':').nth(1) == Some("kms") && text.contains('/');
        let is_whole = text
            .strip_prefix("arn:")
            .map_or_else(|| !text.contains(':') && text.strip_prefix("alias/") != Some(""), is_arn);
        if (1..=2048).contains(&text.len()) && text.bytes().all(fits) && is_whole {
            return Ok(Self(text.into()));
        }
        Err(InvalidKeyName { given: text.into() })
    }
}

impl Display for KeyName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_four_kinds_of_names() {
        for (good, region) in [
            ("1234abcd-12ab-34cd-56ef-1234567890ab", None),
            ("mrk-1234abcd12ab34cd56ef1234567890ab", None),
            ("alias/release", None),
            ("arn:aws:kms:eu-central-1:123456789012:key/1234abcd", Some("eu-central-1")),
            ("arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/x", Some("us-gov-west-1")),
        ] {
            let name: KeyName = good.parse().expect("a name");
            assert_eq!(name.region(), region, "{good}");
        }
        for wrong in ["", "alias/", "arn:aws:s3:::bucket/x", "a b", "a:b"] {
            assert!(wrong.parse::<KeyName>().is_err(), "{wrong}");
        }
    }
}
