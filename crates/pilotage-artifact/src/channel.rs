//! Which tags stand still, which may move, and which release moves them.
//!
//! A tag that names a build or a version means one content for ever. A channel means the newest of
//! something, and moves to a release only if that release *is* the newest of it: a patch of an old
//! line must not take `latest` away from the new one.

use core::cmp::Ordering;
use core::fmt::{self, Display, Formatter};

use crate::{Tag, Version};

/// A tag that moves from release to release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// `latest`: the newest release.
    Latest,
    /// `stable`: the newest release from 1.0.0 on.
    Stable,
    /// `v1`: the newest of a major line; there is no `v0`, for nothing holds within it.
    Major(u64),
    /// `v1.4`: the newest of a minor line.
    Minor(u64, u64),
}

impl Channel {
    /// The channels that a version could belong to, the widest first.
    pub const fn of(version: &Version) -> [Self; 4] {
        let (major, minor) = (version.major(), version.minor());
        [Self::Latest, Self::Stable, Self::Major(major), Self::Minor(major, minor)]
    }

    /// The tag that the channel is known by.
    pub fn tag(self) -> Tag {
        match self {
            Self::Latest => Tag::known_good("latest"),
            Self::Stable => Tag::known_good("stable"),
            Self::Major(major) => Tag::known_good(&alloc::format!("v{major}")),
            Self::Minor(major, minor) => Tag::known_good(&alloc::format!("v{major}.{minor}")),
        }
    }

    /// Whether this version may ever be what the channel means; a pre-release never is.
    pub fn admits(self, version: &Version) -> bool {
        let (major, minor) = (version.major(), version.minor());
        !version.is_prerelease()
            && match self {
                Self::Latest => true,
                Self::Stable => major > 0,
                Self::Major(line) => major > 0 && major == line,
                Self::Minor(line, sub) => (major, minor) == (line, sub),
            }
    }

    /// Whether the channel moves to this version, given everything else that was released, and
    /// if not, what keeps it where it is.
    pub fn motion<'a>(
        self,
        version: &Version,
        released: impl IntoIterator<Item = &'a Version>,
    ) -> Motion<'a> {
        if version.is_prerelease() {
            return Motion::PreRelease;
        }
        if !self.admits(version) {
            return if version.major() == 0 { Motion::BeforeOne } else { Motion::OtherLine };
        }
        let newer = |other: &&Version| other.precedence(version) == Ordering::Greater;
        let others = released.into_iter().filter(|other| self.admits(other));
        let newest = others.filter(newer).max_by(|a, b| a.precedence(b));
        newest.map_or(Motion::Moves, Motion::Behind)
    }

    /// Whether the channel moves to this version, given everything else that was released.
    pub fn moves_to<'a>(
        self,
        version: &Version,
        released: impl IntoIterator<Item = &'a Version>,
    ) -> bool {
        self.motion(version, released) == Motion::Moves
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "latest" => return Some(Self::Latest),
            "stable" => return Some(Self::Stable),
            _ => {}
        }
        let line = text.strip_prefix('v')?;
        match line.split_once('.') {
            None => number(line).map(Self::Major),
            Some((major, minor)) => Some(Self::Minor(number(major)?, number(minor)?)),
        }
    }
}

/// Whether a channel moves to a version, or what keeps it where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion<'a> {
    /// It moves: the version is the newest of it.
    Moves,
    /// It stays, for no channel ever means a pre-release.
    PreRelease,
    /// It stays, for there is no such channel before 1.0.0.
    BeforeOne,
    /// It stays, for the version is of another line.
    OtherLine,
    /// It stays, for this version of it is newer.
    Behind(&'a Version),
}

impl Display for Motion<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moves => f.write_str("nothing newer of it was released"),
            Self::PreRelease => f.write_str("no channel means a pre-release"),
            Self::BeforeOne => f.write_str("there is no such channel before 1.0.0"),
            Self::OtherLine => f.write_str("the version is of another line"),
            Self::Behind(newer) => write!(f, "{newer} is newer"),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| canonical)
}

/// What a tag is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// It names the build of a commit, by `sha-` and its id, whole or shortened.
    Build,
    /// It names a version.
    Release(Version),
    /// It names the newest of something.
    Channel(Channel),
    /// Somebody else gave it a meaning.
    Other,
}

impl Tag {
    /// What the tag is for, told by its form.
    pub fn kind(&self) -> TagKind {
        if is_build(self.as_str()) {
            return TagKind::Build;
        }
        let release = || Version::from_tag(self).map(TagKind::Release);
        let channel = || Channel::parse(self.as_str()).map(TagKind::Channel);
        release().or_else(channel).unwrap_or(TagKind::Other)
    }

    /// Whether it must mean the same content for ever.
    pub fn is_immutable(&self) -> bool {
        matches!(self.kind(), TagKind::Build | TagKind::Release(_))
    }
}

fn is_build(text: &str) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha-")
        .is_some_and(|id| (7..=40).contains(&id.len()) && id.bytes().all(digit))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    fn kind(text: &str) -> TagKind {
        text.parse::<Tag>().expect("a tag").kind()
    }

    #[test]
    fn the_kind_is_told_by_the_form() {
        assert_eq!(kind("sha-460e42a"), TagKind::Build);
        assert_eq!(kind("sha-460e42"), TagKind::Other, "too short to name one commit");
        assert_eq!(kind("v1.4.0-rc.1"), TagKind::Release(version("1.4.0-rc.1")));
        for channel in [Channel::Latest, Channel::Stable, Channel::Major(1), Channel::Minor(0, 12)]
        {
            assert_eq!(channel.tag().kind(), TagKind::Channel(channel));
        }
        for text in ["v01", "v1.02", "v1.2.3.4", "1.4.0", "edge", "v", "v1.", "sha256-abc"] {
            assert_eq!(kind(text), TagKind::Other, "{text}");
        }
    }

    #[test]
    fn what_names_content_stands_still() {
        let still = |text: &str| text.parse::<Tag>().expect("a tag").is_immutable();
        assert!(still("v1.4.0") && still("v1.4.0-rc.1_b5") && still("sha-460e42a42c0f"));
        assert!(!still("latest") && !still("v1") && !still("v1.4") && !still("edge"));
    }

    #[test]
    fn what_keeps_a_channel_where_it_is_is_said() {
        let released: Vec<Version> = ["1.9.0", "2.0.0", "2.1.0"].map(version).into();
        let motion = |channel: Channel, text: &str| -> alloc::string::String {
            alloc::format!("{}", channel.motion(&version(text), &released))
        };
        assert_eq!(motion(Channel::Latest, "1.9.1"), "2.1.0 is newer");
        assert_eq!(motion(Channel::Major(1), "1.9.1"), "nothing newer of it was released");
        assert_eq!(motion(Channel::Latest, "3.0.0-rc.1"), "no channel means a pre-release");
        assert_eq!(motion(Channel::Stable, "0.9.0"), "there is no such channel before 1.0.0");
        assert_eq!(motion(Channel::Major(1), "2.1.1"), "the version is of another line");
    }

    #[test]
    fn a_channel_moves_only_to_the_newest_of_it() {
        let released: Vec<Version> = ["1.9.0", "2.0.0", "2.1.0-rc.1", "0.9.0"].map(version).into();
        let moved = |text: &str| -> Vec<&'static str> {
            let new = version(text);
            let moves = Channel::of(&new).map(|channel| channel.moves_to(&new, &released));
            let names = ["latest", "stable", "major", "minor"];
            names.into_iter().zip(moves).filter_map(|(name, moves)| moves.then_some(name)).collect()
        };
        assert_eq!(moved("2.1.0"), ["latest", "stable", "major", "minor"]);
        assert_eq!(moved("1.9.1"), ["major", "minor"], "a backport");
        assert_eq!(moved("1.8.9"), ["minor"], "a backport of an older minor");
        assert_eq!(moved("3.0.0-rc.1"), [""; 0], "a pre-release");
        assert_eq!(moved("0.9.1"), ["minor"], "nothing holds within v0");
        assert_eq!(moved("2.0.0"), ["latest", "stable", "major", "minor"], "itself again");
    }
}
