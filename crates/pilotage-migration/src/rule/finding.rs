//! A rule at a place.

use core::ops::Range;

use super::{Class, Lock, Rule, Work};

/// A rule that a statement runs into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// Where, in bytes of the file.
    pub span: Range<usize>,
    /// What it is about, such as the name of a column; may be empty.
    pub about: String,
    /// The lock that is taken for it.
    pub lock: Lock,
    /// What is done under the lock.
    pub work: Work,
}

impl Finding {
    /// A finding that is about no lock.
    pub fn new(rule: &'static Rule, span: Range<usize>, about: impl Into<String>) -> Self {
        Self { rule, span, about: about.into(), lock: Lock::None, work: Work::Moment }
    }

    /// The lock that is taken, and what is done under it.
    pub fn under(self, lock: Lock, work: Work) -> Self {
        Self { lock, work, ..self }
    }

    /// What it means for a release.
    pub const fn class(&self) -> Class {
        self.rule.class
    }

    /// What is wrong, with what.
    pub fn message(&self) -> String {
        match self.about.as_str() {
            "" => self.rule.title.to_owned(),
            about => format!("{}: {about}", self.rule.title),
        }
    }
}
