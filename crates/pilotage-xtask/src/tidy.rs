//! Rules about the text of a repository that compilers and linters do not check.
//!
//! Each rule is a file with a pure function from text to [`Finding`]s, so that its tests can show
//! that it fails when it should. The walker is the only part that reads files.
//!
//! A finding always says what to do. There is no way to silence one from inside the file that it
//! is about: exceptions are made where the rule is configured, in plain sight.

pub mod commands;
pub mod invariants;
pub mod ladder;
pub mod lengths;
pub mod manifest;
pub mod module_docs;
pub mod paths;
pub mod ratchet;
pub mod sources;
pub mod tokens;

use std::fmt::{self, Display, Formatter};

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    place: String,
    problem: String,
}

impl Finding {
    /// A problem and its remedy, at a place: a path, or a path with a line.
    pub fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }

    /// A problem at a line, counted from 1.
    pub fn at_line(path: &str, line: usize, problem: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), problem)
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}
