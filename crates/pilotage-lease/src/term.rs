//! How long a lease lasts without being renewed.

use pilotage_rollout::Span;
use serde::{Deserialize, Serialize};

/// How long a lease lasts without being renewed, between 3 ms and a day: thirds of it are
/// counted, and a record with an absurd term must not shut everybody out for years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Span", into = "Span")]
pub struct Term(Span);

/// A span that cannot be the term of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lease cannot last {0}: between 3ms and 24h are possible")]
pub struct BadTerm(Span);

const SHORTEST: Span = Span::from_millis(3);
const LONGEST: Span = Span::from_mins(24 * 60);

impl Term {
    /// What is used unless somebody knows better: half a minute.
    pub const USUAL: Self = Self(Span::from_secs(30));

    /// A term of this length.
    pub fn new(span: Span) -> Result<Self, BadTerm> {
        if (SHORTEST..=LONGEST).contains(&span) { Ok(Self(span)) } else { Err(BadTerm(span)) }
    }

    /// Its length: whoever sees one version for as long may take the record for stale.
    pub const fn span(self) -> Span {
        self.0
    }

    /// A third of it: when the holder renews.
    pub const fn third(self) -> Span {
        Span::from_millis(self.0.as_millis() / 3)
    }

    /// Two thirds of it: when the holder stops to rely on it. The last third is for what is under
    /// way, and for clocks that do not run at the same rate.
    pub const fn two_thirds(self) -> Span {
        Span::from_millis(self.0.as_millis() / 3 * 2)
    }
}

impl TryFrom<Span> for Term {
    type Error = BadTerm;

    fn try_from(span: Span) -> Result<Self, BadTerm> {
        Self::new(span)
    }
}

impl From<Term> for Span {
    fn from(term: Term) -> Self {
        term.0
    }
}
