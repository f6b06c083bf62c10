//! What is to be run, in the leaps in which it is run.

use core::fmt::{self, Display, Formatter};

use pilotage_artifact::Digest;
use pilotage_rollout::Span;
use serde::{Deserialize, Serialize};

use super::sign::Sign;
use crate::sql::Place;

/// A migration by name, as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScriptName(pub String);

impl Display for ScriptName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One migration. It has the same leaps on every machine, so that another process can go on where
/// one has died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its name, by which it is applied once.
    pub name: ScriptName,
    /// Of its content; an applied migration whose content has changed is refused.
    pub checksum: Digest,
    /// In this order.
    pub leaps: Vec<Leap>,
}

/// What is done between two lines of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leap {
    /// In one transaction with its line in the ledger: wholly or not at all, and known which.
    Together(Vec<Sql>),
    /// By itself, because the server refuses it within a transaction or ends one with it.
    Alone(Sql),
    /// By a program that keeps a history of its own, so that it may be started again.
    Program,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// As the server is to read it.
    pub text: String,
    /// How long it may keep others waiting.
    pub patience: Patience,
    /// Where it begins in its file.
    pub at: Place,
    /// By what the database shows that it is applied.
    pub sign: Sign,
    /// What the file has set for its session before, if this is the first statement of a leap:
    /// another session may make this leap than the one before.
    pub settings: Vec<String>,
}

impl Sql {
    /// A statement that begins its file, sets nothing and leaves no sign.
    pub fn new(text: impl Into<String>, patience: Patience) -> Self {
        let at = Place { line: 1, column: 1 };
        Self { text: text.into(), patience, at, sign: Sign::Nothing, settings: Vec::new() }
    }

    /// The place in the file of a character of this statement, counted from zero.
    pub fn place(&self, character: usize) -> Place {
        let (mut line, mut column) = (self.at.line, self.at.column);
        for char in self.text.chars().take(character) {
            (line, column) = if char == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        Place { line, column }
    }
}

/// How long a statement may wait and last. It depends on what the statement does: a short wait for
/// its lock keeps `ALTER TABLE` from queueing everybody behind it, and would make a concurrent
/// index fail for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For its locks; for ever, if nothing is said.
    pub lock: Option<Span>,
    /// In all; for ever, if nothing is said.
    pub statement: Option<Span>,
    /// How often to try when it had to wait too long for its locks.
    pub tries: u32,
}

impl Patience {
    /// Once, for as long as it takes.
    pub const ENDLESS: Self = Self { lock: None, statement: None, tries: 1 };

    /// The patience of a transaction: of its least patient statement.
    pub fn least(all: impl IntoIterator<Item = Self>) -> Self {
        let shorter = |a: Option<Span>, b: Option<Span>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let both = |a: Self, b: Self| Self {
            lock: shorter(a.lock, b.lock),
            statement: shorter(a.statement, b.statement),
            tries: a.tries.max(b.tries),
        };
        all.into_iter().fold(Self::ENDLESS, both)
    }
}

impl Leap {
    /// How often it may be tried, as its statements say.
    pub fn tries(&self) -> u32 {
        match self {
            Self::Together(all) => Patience::least(all.iter().map(|sql| sql.patience)).tries,
            Self::Alone(sql) => sql.patience.tries,
            Self::Program => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_of_a_statement_has_a_place_in_its_file() {
        let at = Place { line: 7, column: 3 };
        let sql = Sql { at, ..Sql::new("select ü\n  form t", Patience::ENDLESS) };
        assert_eq!(sql.place(0), at);
        assert_eq!(sql.place(7), Place { line: 7, column: 10 });
        assert_eq!(sql.place(11), Place { line: 8, column: 3 });
        assert_eq!(sql.place(1_000), Place { line: 8, column: 9 });
    }
}
