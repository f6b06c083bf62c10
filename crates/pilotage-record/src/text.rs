//! Texts that are parsed once and cannot be wrong afterwards.

use core::fmt::Debug;

/// Text that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}: {help}")]
pub struct InvalidText {
    given: String,
    what: &'static str,
    help: &'static str,
}

impl InvalidText {
    pub(crate) fn new(given: &str, what: &'static str, help: &'static str) -> Self {
        /// More would not help whoever reads it, and text from outside has no limit.
        const SHOWN: usize = 80;
        Self { given: given.chars().take(SHOWN).flat_map(char::escape_debug).collect(), what, help }
    }
}

/// Serialises a type as its text and reads it back through its parser.
macro_rules! serde_as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A text that follows a rule: its type, what it is called, the rule in words, and the rule.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $help:literal, $fits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::text::InvalidText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    return Ok(Self(text.into()));
                }
                Err($crate::text::InvalidText::new(text, $what, $help))
            }
        }

        $crate::text::serde_as_text!($name);
    };
}

pub(crate) use serde_as_text;

/// Whether a text is a short name of lower-case letters, digits and `-`.
pub(crate) fn is_label(text: &str) -> bool {
    let inner = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let edges = text.starts_with('-') || text.ends_with('-');
    (1..=40).contains(&text.len()) && text.bytes().all(inner) && !edges
}

/// Whether a text is one visible line of at most this many bytes.
pub(crate) fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text.trim() == text
        && !text.chars().any(|letter| letter.is_control())
}

/// Whether a text is the lower-case hexadecimal name of a git object.
fn is_git_object(text: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'a'..=b'f' | b'0'..=b'9');
    matches!(text.len(), 40 | 64) && text.bytes().all(hex)
}

fn is_platform(text: &str) -> bool {
    let part = |part: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte);
        (1..=32).contains(&part.len()) && part.bytes().all(inner)
    };
    (2..=3).contains(&text.split('/').count()) && text.split('/').all(part)
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "https" | "http" | "ssh" | "git" | "file") && !rest.is_empty()
    });
    // What stands before `@` in the host of a URL may be a password, which no record may hold.
    let host = text.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or("");
    let password = host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    scheme && !password && is_line(text, 1_000) && !text.contains(' ')
}

text!(
    /// The name of an environment.
    EnvironmentName,
    "name of an environment",
    "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit; `release` \
     stands for the release itself",
    |text| is_label(text) && text != "release"
);
text!(
    /// What a person may do, as the policy names it.
    Role,
    "name of a role",
    "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit",
    is_label
);
text!(
    /// The name of a set of tests.
    Suite,
    "name of a test suite",
    "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit",
    is_label
);
text!(
    /// What an image or another output is called within its release.
    PartName,
    "name of an image or output",
    "use 1 to 40 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit",
    is_label
);
text!(
    /// Who did something: a person or a machine, as the organisation names it.
    Actor,
    "name of an actor",
    "use one line of 1 to 200 bytes, for example `ana@example.org`",
    |text| is_line(text, 200)
);
text!(
    /// Words of a person or a tool, in one line.
    Words,
    "short text",
    "use one line of 1 to 1000 bytes",
    |text| is_line(text, 1_000)
);
impl Words {
    /// Words of our own, which are known to be one short line.
    pub(crate) fn fixed(text: &'static str) -> Self {
        debug_assert!(is_line(text, 1_000));
        Self(text.to_owned())
    }
}

text!(
    /// The name of a git object.
    GitObject,
    "name of a git object",
    "use all 40 (or 64) lower-case hexadecimal digits, as `git rev-parse` prints them",
    is_git_object
);
text!(
    /// What an image runs on: operating system, architecture, and for some a variant.
    Platform,
    "platform",
    "use `os/architecture` or `os/architecture/variant`, for example `linux/arm64`",
    is_platform
);
text!(
    /// The address of a repository of sources, without a password.
    SourceUrl,
    "address of a repository",
    "use a URL without a password, for example `https://github.com/shop/web`",
    is_url
);
text!(
    /// A semantic version.
    VersionText,
    "semantic version",
    "use `MAJOR.MINOR.PATCH`, for example `1.4.0` or `1.4.0-rc.1`",
    |text| semver::Version::parse(text).is_ok()
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_the_reserved_one_is_not_taken() {
        assert!("prod-eu".parse::<EnvironmentName>().is_ok());
        for text in ["", "release", "Prod", "-a", "a_b", &"a".repeat(41)] {
            assert!(text.parse::<EnvironmentName>().is_err(), "{text}");
        }
    }

    #[test]
    fn git_objects_are_never_abbreviated() {
        assert!("0123456789abcdef0123456789abcdef01234567".parse::<GitObject>().is_ok());
        for text in ["", "0123456", "0123456789ABCDEF0123456789abcdef01234567"] {
            assert!(text.parse::<GitObject>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_holds_no_password() {
        assert!("https://github.com/shop/web".parse::<SourceUrl>().is_ok());
        assert!("ssh://git@github.com/shop/web".parse::<SourceUrl>().is_ok());
        for text in ["https://ana:secret@github.com/shop/web", "shop/web", "https://", "javascript://x"]
        {
            assert!(text.parse::<SourceUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn platforms_have_two_or_three_parts() {
        assert!("linux/arm64".parse::<Platform>().is_ok());
        assert!("linux/arm/v7".parse::<Platform>().is_ok());
        for text in ["linux", "linux/", "Linux/amd64", "a/b/c/d"] {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_error_shows_only_the_beginning_of_what_was_given() {
        let error = "\n".repeat(5_000).parse::<Actor>().unwrap_err().to_string();
        assert!(error.len() < 400 && !error.contains('\n'), "{error}");
    }
}
