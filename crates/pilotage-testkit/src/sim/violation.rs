//! A broken promise.

use std::fmt::{self, Display, Formatter};

/// A promise that a run broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which invariant, as numbered in `RELIABILITY.md`.
    pub invariant: &'static str,
    /// What happened.
    pub what: String,
}

impl Violation {
    /// The promise of this number was broken in this way.
    pub fn new(invariant: &'static str, what: impl Into<String>) -> Self {
        Self { invariant, what: what.into() }
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.what)
    }
}

/// Holds a promise against a fact.
pub(super) fn require(
    holds: bool,
    invariant: &'static str,
    what: impl FnOnce() -> String,
) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation::new(invariant, what())) }
}
