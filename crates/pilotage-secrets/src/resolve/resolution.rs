//! What came of each reference.

use core::fmt::{self, Display, Formatter};
use std::collections::BTreeMap;

use thiserror::Error;

use super::select::KeyFault;
use crate::{Failure, Reference, Secret, VersionId};

/// A value, and which version of it.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// Which version it is, where the source has versions.
    pub version: Option<VersionId>,
    /// The value.
    pub value: Secret,
}

/// Why a reference has no value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unresolved {
    /// It could not be read.
    #[error(transparent)]
    Source(#[from] Failure),
    /// What was read is not what the reference says.
    #[error(transparent)]
    Key(#[from] KeyFault),
}

impl Unresolved {
    /// One word for machines; part of the published output.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(failure) => failure.code(),
            Self::Key(fault) => fault.code(),
        }
    }

    /// What helps.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Source(failure) => failure.help(),
            Self::Key(fault) => fault.help(),
        }
    }
}

/// What came of each reference that was asked for.
#[derive(Debug, Clone)]
pub struct Resolution {
    answers: BTreeMap<Reference, Result<Resolved, Unresolved>>,
    calls: u32,
}

impl Resolution {
    pub(super) const fn new(
        answers: BTreeMap<Reference, Result<Resolved, Unresolved>>,
        calls: u32,
    ) -> Self {
        Self { answers, calls }
    }

    /// Each reference with what came of it, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Reference, &Result<Resolved, Unresolved>)> {
        self.answers.iter()
    }

    /// How many calls were made.
    pub const fn calls(&self) -> u32 {
        self.calls
    }

    /// All values, if there is one for each reference; otherwise everything that is wrong.
    pub fn complete(self) -> Result<BTreeMap<Reference, Resolved>, Incomplete> {
        let mut values = BTreeMap::new();
        let mut wrong = Vec::new();
        for (reference, answer) in self.answers {
            match answer {
                Ok(resolved) => {
                    values.insert(reference, resolved);
                }
                Err(why) => wrong.push((reference, why)),
            }
        }
        if wrong.is_empty() { Ok(values) } else { Err(Incomplete { wrong, of: values.len() }) }
    }
}

/// Not every reference has a value; which, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Incomplete {
    wrong: Vec<(Reference, Unresolved)>,
    of: usize,
}

impl Incomplete {
    /// Each reference that has no value, and why.
    pub fn wrong(&self) -> &[(Reference, Unresolved)] {
        &self.wrong
    }
}

impl Display for Incomplete {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let all = self.wrong.len() + self.of;
        write!(f, "{} of {all} secrets cannot be resolved", self.wrong.len())
    }
}
