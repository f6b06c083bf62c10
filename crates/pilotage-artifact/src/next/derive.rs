//! The next version of a line, out of all that is known.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::message::{Footers, subject};
use super::{Bump, Change, Commit, PreLabel, Rules};
use crate::{CommitId, InvalidVersion, Version};

/// What is known before a version is derived.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The highest release that the commit contains, pre-releases left out.
    pub current: Option<&'a Version>,
    /// The commits that it does not contain, newest first.
    pub commits: &'a [Commit],
    /// The highest version that the version files hold; people raise it by hand.
    pub written: Option<&'a Version>,
    /// Every version of the line that has a tag, also on other branches.
    pub taken: &'a [Version],
    /// The series of pre-releases, if it is to be one.
    pub label: Option<&'a PreLabel>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The version; nothing, if nothing changed that users would notice.
    pub version: Option<Version>,
    /// What decided.
    pub because: Because,
    /// What each commit means, newest first.
    pub changes: Vec<Change>,
}

/// What decided the next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// There was no release; the version files say where to begin.
    First,
    /// The largest change.
    Commits(Bump),
    /// A person has raised a version file.
    Written,
    /// A person has said so in this commit.
    ReleaseAs(CommitId),
    /// Nothing changed that users would notice.
    Nothing,
}

impl Display for Because {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => f.write_str("it is the first release, and the version files say so"),
            Self::Commits(bump) => write!(f, "the largest change is `{bump}`"),
            Self::Written => f.write_str("the version files were raised by hand"),
            Self::ReleaseAs(commit) => write!(f, "commit {} says `Release-As`", commit.short()),
            Self::Nothing => f.write_str("nothing changed that users would notice"),
        }
    }
}

/// A commit that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Which one.
    pub commit: CommitId,
    /// Its first line.
    pub subject: String,
    /// What is wrong with it.
    pub why: String,
}

impl Display for Unreadable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\": {}", self.commit.short(), self.subject, self.why)
    }
}

/// Why there is no next version. Nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Underivable {
    /// Commits that do not say what they are.
    #[error(
        "{} commits cannot be read, so what they change is unknown; say the version yourself with \
         a commit whose message ends in `Release-As: X.Y.Z`, or add the type to `[types]`: {}",
        .0.len(), listed(.0)
    )]
    Unreadable(Vec<Unreadable>),
    /// There was no release, and no version to begin with.
    #[error(
        "there is no release yet and no version file to say where to begin; name one in `files`, \
         or commit with `Release-As: 0.1.0`"
    )]
    NoBeginning,
    /// A `Release-As` that is no version.
    #[error("commit {} asks for a release as something else", .commit.short())]
    ReleaseAs {
        /// Which commit.
        commit: CommitId,
        /// What is wrong with it.
        source: InvalidVersion,
    },
    /// Two commits want different versions.
    #[error(
        "commits ask for {one} and for {other}; commit once more with the one that is meant, \
             after a release as one of them was made by hand"
    )]
    Contradiction {
        /// One.
        one: Version,
        /// The other.
        other: Version,
    },
    /// The wanted version is not newer than what there is.
    #[error("{wanted} is wanted, which is not newer than {current}")]
    NotNewer {
        /// What a commit asks for.
        wanted: Version,
        /// What there is.
        current: Version,
    },
    /// The version has a tag already, on a branch that is not in sight from here.
    #[error(
        "{0} is next and has a tag already, on a commit that this one does not contain; a branch \
         for an old line takes fixes only, or commit with `Release-As`"
    )]
    Taken(Version),
    /// The next version is none.
    #[error("there is no next version")]
    Invalid(#[from] InvalidVersion),
}

fn listed(unreadable: &[Unreadable]) -> String {
    let lines: Vec<String> =
        unreadable.iter().map(|commit| alloc::format!("\n  {commit}")).collect();
    lines.concat()
}

/// Derives the next version.
pub fn next(question: &Question<'_>, rules: &Rules) -> Result<Next, Underivable> {
    let release_as = release_as(question)?;
    let changes = changes(question, rules, release_as.is_some())?;
    let largest = changes.iter().map(|change| change.bump).max().unwrap_or(Bump::None);
    let (version, because) = match release_as {
        Some((commit, version)) => (version, Because::ReleaseAs(commit)),
        None => match decide(question, rules, largest)? {
            Some(decided) => decided,
            None => return Ok(Next { version: None, because: Because::Nothing, changes }),
        },
    };
    let version = match question.label {
        Some(label) if !version.is_prerelease() => version.prerelease(label, question.taken)?,
        _ => version,
    };
    let same = |other: &Version| other.precedence(&version) == Ordering::Equal;
    if question.taken.iter().any(same) {
        return Err(Underivable::Taken(version));
    }
    Ok(Next { version: Some(version), because, changes })
}

fn decide(
    question: &Question<'_>,
    rules: &Rules,
    largest: Bump,
) -> Result<Option<(Version, Because)>, Underivable> {
    let written = question.written.filter(|version| !version.is_prerelease());
    let Some(current) = question.current else {
        let first = question.written.cloned().ok_or(Underivable::NoBeginning)?;
        return Ok(Some((first, Because::First)));
    };
    let bumped = current.bumped(largest, rules.before_one)?;
    if let Some(by_hand) = written.filter(|v| v.precedence(&bumped) == Ordering::Greater) {
        return Ok(Some((by_hand.clone(), Because::Written)));
    }
    Ok((largest > Bump::None).then_some((bumped, Because::Commits(largest))))
}

fn changes(
    question: &Question<'_>,
    rules: &Rules,
    overruled: bool,
) -> Result<Vec<Change>, Underivable> {
    let mut changes = Vec::new();
    let mut unreadable = Vec::new();
    for commit in question.commits {
        let subject = subject(&commit.message);
        match rules.change(commit) {
            Ok(change) => changes.push(change),
            Err(why) if overruled => {
                let why = alloc::format!("{why}; `Release-As` decides");
                changes.push(Change { commit: commit.id, subject, bump: Bump::None, why });
            }
            Err(why) => unreadable.push(Unreadable { commit: commit.id, subject, why }),
        }
    }
    if unreadable.is_empty() { Ok(changes) } else { Err(Underivable::Unreadable(unreadable)) }
}

/// The version that commits ask for by name, if any do.
fn release_as(question: &Question<'_>) -> Result<Option<(CommitId, Version)>, Underivable> {
    let mut wanted: Option<(CommitId, Version)> = None;
    for commit in question.commits {
        for text in Footers::parse(&commit.message).release_as {
            let version: Version = text
                .parse()
                .map_err(|source| Underivable::ReleaseAs { commit: commit.id, source })?;
            match &wanted {
                Some((_, one)) if *one != version => {
                    return Err(Underivable::Contradiction { one: one.clone(), other: version });
                }
                _ => wanted = Some((commit.id, version)),
            }
        }
    }
    match (&wanted, question.current) {
        (Some((_, version)), Some(current)) if version.precedence(current) != Ordering::Greater => {
            Err(Underivable::NotNewer { wanted: version.clone(), current: current.clone() })
        }
        _ => Ok(wanted),
    }
}

#[cfg(test)]
mod tests;
