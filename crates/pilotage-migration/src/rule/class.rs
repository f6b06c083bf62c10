//! The classes of findings, and the rules that they come from.

use serde::Serialize;

/// What a finding means for a release. A statement without findings is safe in an expand file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Old and new code both work, but a person should know.
    Care,
    /// It blocks others while it scans, builds or rewrites, or waits for all of them.
    Locks,
    /// The version that is running now can fail, or can do harm.
    Breaks,
    /// What it does cannot be read from its text.
    Opaque,
    /// Something about the file itself, or about the place of the statement in it.
    Form,
}

impl Class {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Locks => "locks",
            Self::Breaks => "breaks",
            Self::Opaque => "opaque",
            Self::Form => "form",
        }
    }

    /// What it means, as a sentence that continues "this statement ...".
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Care => "needs care",
            Self::Locks => "locks or rewrites the table",
            Self::Breaks => "breaks the running version",
            Self::Opaque => "cannot be judged from its text",
            Self::Form => "is not in the right form or place",
        }
    }
}

/// One thing that can be wrong with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What annotations and reports call it; never changes its meaning.
    pub id: &'static str,
    /// What its findings mean for a release.
    pub class: Class,
    /// What is wrong, as a fragment.
    pub title: &'static str,
    /// Why that is bad.
    pub why: &'static str,
    /// What to write instead.
    pub rewrite: &'static str,
}
