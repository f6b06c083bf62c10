//! What one commit means for the version.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::message::{Footers, Header, subject};
use super::{BeforeOne, Bump, Commit};
use crate::CommitId;

/// How commits are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// By the convention: the type of each commit decides.
    #[default]
    Conventional,
    /// Not at all: each release is a patch of the one before, unless somebody says otherwise.
    Patch,
}

/// How commits become versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How commits are read.
    pub reading: Reading,
    /// What holds before 1.0.0.
    pub before_one: BeforeOne,
    /// What each type of commit raises, by its name in lower case.
    pub types: BTreeMap<String, Bump>,
}

/// The types of the convention that everybody has.
const TYPES: [(&str, Bump); 12] = [
    ("feat", Bump::Minor),
    ("fix", Bump::Patch),
    ("perf", Bump::Patch),
    ("revert", Bump::Patch),
    ("security", Bump::Patch),
    ("build", Bump::None),
    ("chore", Bump::None),
    ("ci", Bump::None),
    ("docs", Bump::None),
    ("refactor", Bump::None),
    ("style", Bump::None),
    ("test", Bump::None),
];

impl Default for Rules {
    fn default() -> Self {
        let types = TYPES.into_iter().map(|(name, bump)| (name.into(), bump)).collect();
        Self { reading: Reading::default(), before_one: BeforeOne::default(), types }
    }
}

/// A commit, and what it means for the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which commit.
    pub commit: CommitId,
    /// Its first line.
    pub subject: String,
    /// What it raises.
    pub bump: Bump,
    /// Why.
    pub why: String,
}

impl Rules {
    /// What the commit means, or why that cannot be said.
    pub(super) fn change(&self, commit: &Commit) -> Result<Change, String> {
        let (bump, why) = match self.reading {
            Reading::Patch => (Bump::Patch, "each release is a patch".into()),
            Reading::Conventional => self.read(commit)?,
        };
        Ok(Change { commit: commit.id, subject: subject(&commit.message), bump, why })
    }

    fn read(&self, commit: &Commit) -> Result<(Bump, String), String> {
        let line = subject(&commit.message);
        let mut found = Vec::from([self.first_line(&line, commit.parents)?]);
        let footers = Footers::parse(&commit.message);
        if footers.breaking.is_some() {
            found.push((Bump::Major, "its footer says `BREAKING CHANGE`".into()));
        }
        let listed = footers.listed.iter().filter_map(|header| {
            let (bump, why) = self.header(header)?;
            Some((bump, alloc::format!("it lists {why}: {}", header.subject)))
        });
        found.extend(listed);
        // Of equals the first counts: the first line is what a person looks at.
        found.sort_by_key(|(bump, _)| Reverse(*bump));
        found.into_iter().next().ok_or_else(|| "it says nothing".into())
    }

    fn first_line(&self, line: &str, parents: usize) -> Result<(Bump, String), String> {
        match Header::parse(line) {
            Ok(header) => self.header(&header).ok_or_else(|| {
                let known: Vec<&str> = self.types.keys().map(String::as_str).collect();
                alloc::format!("`{}` is none of the types {}", header.kind, known.join(", "))
            }),
            Err(_) if parents > 1 => Ok((Bump::None, "a merge: its commits count".into())),
            Err(_) if line.starts_with("Revert \"") => Ok((Bump::Patch, "a revert".into())),
            Err(why) => Err(why.to_string()),
        }
    }

    /// What the header raises, if its type is known.
    fn header(&self, header: &Header<'_>) -> Option<(Bump, String)> {
        let kind = header.kind.to_ascii_lowercase();
        let bump = *self.types.get(&kind)?;
        if header.breaking {
            return Some((Bump::Major, alloc::format!("`{kind}!`")));
        }
        Some((bump, alloc::format!("`{kind}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(message: &str, parents: usize) -> Commit {
        Commit { id: CommitId::new([7; 20]), parents, message: message.into() }
    }

    fn bump(message: &str) -> Result<Bump, String> {
        Rules::default().change(&commit(message, 1)).map(|change| change.bump)
    }

    #[test]
    fn the_most_that_a_commit_says_counts() {
        for (message, expected) in [
            ("feat: a", Bump::Minor),
            ("FIX(x): a", Bump::Patch),
            ("docs: a", Bump::None),
            ("docs!: a", Bump::Major),
            ("fix: a\n\nBREAKING CHANGE: b", Bump::Major),
            ("fix: a (#1)\n\n* feat: inner\n* note: not a type", Bump::Minor),
            ("feat: a (#1)\n\n* fix: inner\n* broken(", Bump::Minor),
            ("Revert \"feat: a\"\n\nThis reverts commit 1.", Bump::Patch),
        ] {
            assert_eq!(bump(message), Ok(expected), "{message}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_never_nothing() {
        assert!(bump("Update README").is_err());
        let typo = bump("faet: a").expect_err("no such type");
        assert!(typo.contains("`faet`") && typo.contains("feat"), "{typo}");
        let merge = Rules::default().change(&commit("Merge branch 'x'", 2));
        assert_eq!(merge.map(|change| change.bump), Ok(Bump::None));
        assert!(Rules::default().change(&commit("faet: a", 2)).is_err(), "a merge with a typo");
    }

    #[test]
    fn where_messages_are_free_each_is_a_patch() {
        let rules = Rules { reading: Reading::Patch, ..Rules::default() };
        let change = rules.change(&commit("Anything at all", 1)).expect("nothing is read");
        assert_eq!(change.bump, Bump::Patch);
    }
}
