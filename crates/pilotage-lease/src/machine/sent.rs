//! A write whose end is not known yet.

use pilotage_rollout::Span;

use crate::{Proposal, Record};

/// A write whose end is not known yet, and when it was sent *first*: of two sendings of one
/// write, either may be the one that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sent {
    record: Record,
    first: Span,
}

impl Sent {
    /// This proposal is sent now; `before` is what was sent until now.
    pub(super) fn again(before: Option<&Self>, proposal: &Proposal, now: Span) -> Self {
        let earlier = before.filter(|sent| sent.record.revision == proposal.record.revision);
        let first = earlier.map_or(now, |sent| sent.first);
        Self { record: proposal.record.clone(), first }
    }

    pub(super) const fn record(&self) -> &Record {
        &self.record
    }

    pub(super) const fn first(&self) -> Span {
        self.first
    }

    pub(super) fn aged(self, age: impl Fn(Span) -> Span) -> Self {
        Self { first: age(self.first), ..self }
    }
}
