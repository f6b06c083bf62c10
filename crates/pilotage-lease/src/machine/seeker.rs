//! Who wants to own.

use pilotage_rollout::{Fence, Span};

use super::grip::Grip;
use super::sent::Sent;
use super::{Busy, Claim, passed};
use crate::{Proposal, Record, Stored, Tenancy, Tenure, Ticket, Written};

/// Who wants to own something, and what they have seen of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seeker {
    claim: Claim,
    /// Who may be replaced without waiting.
    dead: Option<Ticket>,
    seen: Option<Seen>,
    sent: Option<Sent>,
}

/// A version, and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Seen {
    stored: Option<Stored>,
    /// When the *answer* that showed it first came.
    since: Span,
    /// Whether nothing has happened since that would call for another look.
    fresh: bool,
}

/// What a seeker wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// To see what is there.
    Look,
    /// To write this.
    Write(Proposal),
    /// Nothing: it is somebody else's. It may wait and look again.
    Busy(Busy),
}

/// What became of a seeker.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sought {
    /// It goes on.
    Seeking(Seeker),
    /// It owns.
    Holding(Grip),
}

impl Seeker {
    /// Nothing is seen yet.
    pub const fn new(claim: Claim) -> Self {
        Self { claim, dead: None, seen: None, sent: None }
    }

    /// What it wants now.
    pub fn want(&self, now: Span) -> Want {
        let Some(seen) = self.seen.as_ref().filter(|seen| seen.fresh) else { return Want::Look };
        let record = seen.stored.as_ref().map_or(&Record::BLANK, |stored| &stored.record);
        match self.replaced(record, passed(seen.since, now)) {
            Err(busy) => Want::Busy(busy),
            Ok(from) => self.proposal(record, seen, from),
        }
    }

    /// A write that it wanted leaves now.
    pub fn sends(&mut self, proposal: &Proposal, now: Span) {
        self.sent = Some(Sent::again(self.sent.as_ref(), proposal, now));
    }

    /// Calls for another look, because time has passed.
    pub fn look_again(&mut self) {
        if let Some(seen) = &mut self.seen {
            seen.fresh = false;
        }
    }

    /// The owner of this ticket is certainly dead.
    pub const fn testify(&mut self, dead: Ticket) {
        self.dead = Some(dead);
    }

    /// This was seen; the answer came now.
    pub fn looked(mut self, now: Span, found: Option<Stored>) -> Sought {
        if self.is_stale(found.as_ref()) {
            return Sought::Seeking(self);
        }
        match found {
            Some(stored) if self.is_mine(&stored.record) => Sought::Holding(self.grip(stored, now)),
            found => {
                self.remember(found, now);
                Sought::Seeking(self)
            }
        }
    }

    /// This came of the write that left last.
    pub fn wrote(mut self, written: &Written) -> Sought {
        match (written, self.sent.take()) {
            (Written::Applied(tag), Some(sent)) => {
                let stored = Stored { record: sent.record().clone(), tag: tag.clone() };
                Sought::Holding(Grip::new(self.claim.owner, self.claim.term, stored, sent.first()))
            }
            (_, sent) => {
                self.sent = sent;
                self.look_again();
                Sought::Seeking(self)
            }
        }
    }

    /// The same, with every time that it remembers replaced. A checker folds states that differ
    /// only in how long ago something was, once that does not matter any more.
    pub fn aged(mut self, age: impl Fn(Span) -> Span) -> Self {
        self.seen = self.seen.map(|seen| Seen { since: age(seen.since), ..seen });
        self.sent = self.sent.map(|sent| sent.aged(&age));
        self
    }

    /// Whose place would be taken, or why nobody's can.
    fn replaced<'a>(&self, record: &'a Record, age: Span) -> Result<Option<&'a Tenure>, Busy> {
        let (ticket, tenure) = (record.ticket(), record.tenure());
        if ticket.is_some() && ticket == self.claim.ticket {
            return Ok(tenure);
        }
        if let Some(hold) = &record.hold {
            return Err(Busy::OnHold(hold.clone()));
        }
        let Some(tenure) = tenure else { return Ok(None) };
        if ticket == self.dead {
            return Ok(Some(tenure));
        }
        let stale_in = passed(age, tenure.term.span());
        if stale_in == Span::ZERO {
            return Ok(None);
        }
        Err(Busy::Owned { tenure: Box::new(tenure.clone()), fence: record.fence, stale_in })
    }

    fn proposal(&self, record: &Record, seen: &Seen, from: Option<&Tenure>) -> Want {
        let Some(fence) = record.fence.max(self.claim.above).0.checked_add(1) else {
            return Want::Busy(Busy::Exhausted);
        };
        let Claim { owner, card, term, at, .. } = self.claim.clone();
        let from = from.map(|tenure| tenure.owner);
        let tenancy = Tenancy::Held(Tenure { owner, term, since: at, card, from });
        let record = Record { fence: Fence(fence), tenancy, ..record.next() };
        let expected = seen.stored.as_ref().map(|stored| stored.tag.clone());
        Want::Write(Proposal { expected, record })
    }

    /// Whether this shows an older state than was seen before.
    fn is_stale(&self, found: Option<&Stored>) -> bool {
        let revision = |stored: Option<&Stored>| stored.map_or(0, |stored| stored.record.revision);
        let seen = self.seen.as_ref().and_then(|seen| seen.stored.as_ref());
        revision(found) < revision(seen)
    }

    fn is_mine(&self, record: &Record) -> bool {
        record.tenure().is_some_and(|tenure| tenure.owner == self.claim.owner)
    }

    /// It is certain only since the write that made it was sent. If that is not known, because
    /// somebody else has written since, nothing is certain until it is renewed.
    fn grip(self, stored: Stored, now: Span) -> Grip {
        let sent = self.sent.filter(|sent| *sent.record() == stored.record);
        let certain = sent.map_or(passed(self.claim.term.span(), now), |sent| sent.first());
        Grip::new(self.claim.owner, self.claim.term, stored, certain)
    }

    fn remember(&mut self, stored: Option<Stored>, now: Span) {
        let known = self.seen.take().filter(|seen| seen.stored == stored);
        let since = known.map_or(now, |seen| seen.since);
        self.seen = Some(Seen { stored, since, fresh: true });
    }
}
