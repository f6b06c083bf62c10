//! How far a change moves a version.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::serde_as_text;
use crate::{InvalidVersion, Version};

/// Which number of the version a change raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// None: users do not notice it.
    None,
    /// The third: something works as it should have.
    Patch,
    /// The second: something new works.
    Minor,
    /// The first: something that worked no longer does.
    Major,
}

impl Display for Bump {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// What a bump means before 1.0.0, where the standard promises nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BeforeOne {
    /// One number further right, as cargo and npm resolve such versions: what breaks raises the
    /// second number, everything else the third.
    #[default]
    ShiftDown,
    /// The same as afterwards: the first change that breaks makes it 1.0.0.
    AsUsual,
}

impl Version {
    /// The release that follows this one after such a change; a pre-release counts as its release.
    pub fn bumped(&self, bump: Bump, before_one: BeforeOne) -> Result<Self, InvalidVersion> {
        let (major, minor, patch) = (self.major(), self.minor(), self.patch());
        let shifted = match (bump, major, before_one) {
            (Bump::Major, 0, BeforeOne::ShiftDown) => Bump::Minor,
            (Bump::Minor, 0, BeforeOne::ShiftDown) => Bump::Patch,
            (bump, ..) => bump,
        };
        let text = match shifted {
            Bump::None => return Ok(self.clone()),
            Bump::Patch => alloc::format!("{major}.{minor}.{}", patch.saturating_add(1)),
            Bump::Minor => alloc::format!("{major}.{}.0", minor.saturating_add(1)),
            Bump::Major => alloc::format!("{}.0.0", major.saturating_add(1)),
        };
        text.parse()
    }

    /// The next pre-release with this label before this version, given those that there were.
    pub fn prerelease<'a>(
        &self,
        label: &PreLabel,
        taken: impl IntoIterator<Item = &'a Self>,
    ) -> Result<Self, InvalidVersion> {
        let (major, minor, patch) = (self.major(), self.minor(), self.patch());
        let same =
            |other: &&Self| (other.major(), other.minor(), other.patch()) == (major, minor, patch);
        let number = |other: &Self| {
            other.pre().strip_prefix(label.as_str())?.strip_prefix('.')?.parse::<u64>().ok()
        };
        let last = taken.into_iter().filter(same).filter_map(number).max().unwrap_or_default();
        alloc::format!("{major}.{minor}.{patch}-{label}.{}", last.saturating_add(1)).parse()
    }
}

/// The name of a series of pre-releases: lower-case letters, such as `rc`.
///
/// No digits: `rc10` would be older than `rc2`, while `rc.10` is newer than `rc.2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreLabel(String);

impl PreLabel {
    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for PreLabel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that cannot label a series of pre-releases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` cannot label pre-releases: use 1 to 20 of `a-z`, for example `rc` or `beta`")]
pub struct InvalidLabel {
    given: String,
}

impl FromStr for PreLabel {
    type Err = InvalidLabel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.bytes().all(|byte| byte.is_ascii_lowercase());
        if (1..=20).contains(&text.len()) && letters {
            return Ok(Self(text.into()));
        }
        Err(InvalidLabel { given: text.into() })
    }
}

serde_as_text!(PreLabel);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn before_one_everything_is_one_number_further_right() {
        let cases = [
            ("1.4.2", Bump::Major, "2.0.0", "2.0.0"),
            ("1.4.2", Bump::Minor, "1.5.0", "1.5.0"),
            ("1.4.2", Bump::Patch, "1.4.3", "1.4.3"),
            ("0.4.2", Bump::Major, "0.5.0", "1.0.0"),
            ("0.4.2", Bump::Minor, "0.4.3", "0.5.0"),
            ("0.4.2", Bump::Patch, "0.4.3", "0.4.3"),
            ("0.4.2", Bump::None, "0.4.2", "0.4.2"),
        ];
        for (from, bump, shifted, usual) in cases {
            let to = |rule| version(from).bumped(bump, rule).expect("it fits").to_string();
            assert_eq!(to(BeforeOne::ShiftDown), shifted, "{from} {bump}");
            assert_eq!(to(BeforeOne::AsUsual), usual, "{from} {bump}");
        }
        let full = version("1.9007199254740991.0");
        assert!(full.bumped(Bump::Minor, BeforeOne::AsUsual).is_err(), "no number wraps around");
    }

    #[test]
    fn pre_releases_count_on_within_their_series() {
        let rc: PreLabel = "rc".parse().expect("a label");
        let taken: Vec<Version> =
            ["1.4.0-rc.9", "1.4.0-rc.10", "1.4.0-beta.12", "1.3.0-rc.20"].map(version).into();
        let next = |text: &str| version(text).prerelease(&rc, &taken).expect("it fits").to_string();
        assert_eq!(next("1.4.0"), "1.4.0-rc.11");
        assert_eq!(next("2.0.0"), "2.0.0-rc.1");
        for text in ["", "rc1", "rc.1", "RC", "ä"] {
            assert!(text.parse::<PreLabel>().is_err(), "{text}");
        }
    }
}
