//! What a lint found, ready to be shown.

use pilotage_artifact::Digest;
use serde::Serialize;

use crate::reading::Effect;
use crate::rule::{Lock, Rule, Work};
use crate::server::Server;
use crate::set::Phase;
use crate::sql::Place;

use super::FailOn;

/// How serious a finding is for this file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It belongs there: a removal in a contract file.
    Note,
    /// A person should know.
    Warning,
    /// The release stops, unless a person allows it with a reason.
    Error,
}

impl Severity {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding, with all that is needed to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Which rule.
    pub rule: &'static Rule,
    /// How serious it is here.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where it begins.
    pub start: Place,
    /// Where it ends; after its last character.
    pub end: Place,
    /// The line where it begins.
    pub line: String,
    /// The lock that is taken for it.
    pub lock: Lock,
    /// What is done under the lock.
    pub work: Work,
}

/// A finding that a person allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Which rule.
    pub rule: &'static Rule,
    /// Where.
    pub start: Place,
    /// Why.
    pub reason: String,
}

/// A statement and what it does to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementReport {
    /// Where it begins, in bytes of the file.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Where it begins.
    pub start: Place,
    /// What it does.
    pub effect: Effect,
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Its path, as it was given.
    pub path: String,
    /// When it runs.
    pub phase: Phase,
    /// The digest of its content, if it was read.
    pub digest: Option<Digest>,
    /// What is wrong, in order.
    pub findings: Vec<Reported>,
    /// What a person allowed.
    pub allowed: Vec<Allowed>,
    /// Its statements, in order.
    pub statements: Vec<StatementReport>,
}

/// What was found in a set of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// For whom the statements are.
    pub server: Server,
    /// The digest of the set.
    pub digest: Digest,
    /// The files, in the order in which they run.
    pub files: Vec<FileReport>,
}

/// Whether the set may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It may.
    Clean,
    /// It may not.
    Refused,
}

impl Report {
    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|(_, finding)| finding.severity == severity).count()
    }

    /// All findings, each with its file.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Reported)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// How many statements were read.
    pub fn statements(&self) -> usize {
        self.files.iter().map(|file| file.statements.len()).sum()
    }

    /// Whether the set may go on.
    pub fn outcome(&self, fail_on: FailOn) -> Outcome {
        let refused = self.findings().any(|(_, finding)| fail_on.refuses(finding.severity));
        if refused { Outcome::Refused } else { Outcome::Clean }
    }
}
