//! A version as Semantic Versioning defines it, in forms that every place can carry.

use alloc::string::{String, ToString as _};
use core::cmp::Ordering;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use crate::Tag;
use crate::tag;
use crate::text::serde_as_text;

/// The largest number that every tool reads back unchanged: some of them count in doubles.
const LARGEST: u64 = (1 << 53) - 1;

/// The longest version whose tag form, with its `v`, is still a tag.
const LONGEST: usize = tag::LONGEST - 1;

/// A version: `MAJOR.MINOR.PATCH`, maybe `-PRERELEASE`, maybe `+BUILD`.
///
/// Two versions are equal where their text is equal. Which one is *newer* is another question, and
/// has another name: [`Version::precedence`] leaves out build metadata, as the standard says. There
/// is no `<`, because it could only mean one of the two.
///
/// ```
/// use pilotage_artifact::Version;
/// use std::cmp::Ordering;
///
/// let (one, two): (Version, Version) = ("1.0.0+1".parse()?, "1.0.0+2".parse()?);
/// assert_ne!(one, two);
/// assert_eq!(one.precedence(&two), Ordering::Equal);
/// assert_eq!(two.tag().as_str(), "v1.0.0_2");
/// # Ok::<(), pilotage_artifact::InvalidVersion>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Version(semver::Version);

impl Version {
    /// The major number: it grows when something that worked no longer does.
    pub const fn major(&self) -> u64 {
        self.0.major
    }

    /// The minor number: it grows when something new works.
    pub const fn minor(&self) -> u64 {
        self.0.minor
    }

    /// The patch number: it grows when something works as it should have.
    pub const fn patch(&self) -> u64 {
        self.0.patch
    }

    /// The identifiers after `-`; empty for a release.
    pub fn pre(&self) -> &str {
        self.0.pre.as_str()
    }

    /// The identifiers after `+`; they say how it was built, and are no part of the order.
    pub fn build(&self) -> &str {
        self.0.build.as_str()
    }

    /// Whether it comes before the release whose numbers it has.
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// Which of the two is newer; build metadata has no say.
    pub fn precedence(&self, other: &Self) -> Ordering {
        self.0.cmp_precedence(&other.0)
    }

    /// The tag of an image of this version: `v1.4.0`, with `_` for the `+` that tags cannot hold.
    pub fn tag(&self) -> Tag {
        Tag::known_good(&alloc::format!("v{self}").replace('+', "_"))
    }

    /// The version that a tag was made of.
    ///
    /// No version holds a `_`, so that nothing but a [`Version::tag`] is read as one.
    pub fn from_tag(tag: &Tag) -> Option<Self> {
        tag.as_str().strip_prefix('v')?.replace('_', "+").parse().ok()
    }
}

impl Display for Version {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

/// Text that is not a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a version: {why}; write for example `1.4.0` or `1.4.0-rc.1`")]
pub struct InvalidVersion {
    given: String,
    why: String,
}

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |why: String| InvalidVersion { given: text.into(), why };
        if text.len() > LONGEST {
            return Err(invalid(alloc::format!("it is longer than {LONGEST} characters")));
        }
        let parsed = semver::Version::parse(text).map_err(|error| invalid(error.to_string()))?;
        if [parsed.major, parsed.minor, parsed.patch].iter().any(|number| *number > LARGEST) {
            return Err(invalid(alloc::format!("a number is larger than {LARGEST}")));
        }
        Ok(Self(parsed))
    }
}

serde_as_text!(Version);

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn the_tag_form_is_a_tag_and_leads_back() {
        let longest = alloc::format!("1.0.0+{}", "b".repeat(LONGEST - 6));
        for text in ["1.4.0", "1.4.0-rc.1", "1.4.0-rc.1+build.5", "0.0.1+g460e42a42c0f", &longest] {
            let tag = version(text).tag();
            assert_eq!(tag.as_str().parse().as_ref(), Ok(&tag), "{text}");
            assert_eq!(Version::from_tag(&tag), Some(version(text)));
        }
        for text in ["1.4.0", "v1.4", "v1", "v1.4.0_", "v1.4.0_a_b", "latest", "v01.0.0"] {
            assert_eq!(Version::from_tag(&text.parse().expect("a tag")), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_some_place_could_not_carry() {
        let too_long = alloc::format!("1.0.0+{}", "b".repeat(LONGEST - 5));
        for text in ["", "1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", &too_long]
        {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
        assert!("9007199254740991.0.0".parse::<Version>().is_ok());
        assert!("9007199254740992.0.0".parse::<Version>().is_err());
    }

    #[test]
    fn newer_is_what_the_standard_says() {
        let rising = ["1.0.0-alpha", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1", "1.10.0"];
        for pair in rising.windows(2) {
            assert_eq!(version(pair[0]).precedence(&version(pair[1])), Ordering::Less, "{pair:?}");
        }
    }
}
