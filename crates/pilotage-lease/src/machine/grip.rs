//! Who owns.

use pilotage_rollout::{Fence, Span};

use super::sent::Sent;
use super::{Gone, passed};
use crate::{Card, OwnerId, Proposal, Record, Stored, Tenancy, Tenure, Term, Ticket, Written};

/// An ownership as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grip {
    owner: OwnerId,
    term: Term,
    fence: Fence,
    /// The last version that is known to be there.
    stored: Stored,
    /// Since when the ownership is certain: when its last proven write was sent.
    certain: Span,
    sent: Option<Sent>,
    /// Whether the last version must be looked at before anything is written.
    doubt: bool,
}

/// What an owner may wish.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wish {
    /// To own for another term; with this to say about what is done, or the same as before.
    Keep(Option<String>),
    /// To give up, with this to say about what was done.
    Leave(String),
}

/// What is to be done for a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is matched at once and never stored")]
pub enum Ask {
    /// To see what is there.
    Look,
    /// To write this.
    Write(Proposal),
}

/// What became of an ownership.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Regard {
    /// The wish was granted. After a wish to leave it is [`Gone`] instead.
    Granted(Grip),
    /// It is still owned; the wish has to be asked for again.
    Owned(Grip),
    /// It is over.
    Gone(Gone),
}

impl Grip {
    pub(super) const fn new(owner: OwnerId, term: Term, stored: Stored, certain: Span) -> Self {
        let fence = stored.record.fence;
        Self { owner, term, fence, stored, certain, sent: None, doubt: false }
    }

    /// The number of the ownership.
    pub const fn fence(&self) -> Fence {
        self.fence
    }

    /// Names the ownership, for whoever is to take it over.
    pub const fn ticket(&self) -> Ticket {
        Ticket { owner: self.owner, fence: self.fence }
    }

    /// How much longer it may be relied upon. At zero it must be taken for lost.
    pub fn left(&self, now: Span) -> Span {
        passed(passed(self.certain, now), self.term.two_thirds())
    }

    /// How long until it is to be renewed.
    pub fn rest(&self, now: Span) -> Span {
        passed(passed(self.certain, now), self.term.third())
    }

    /// What is written down, as far as is known here.
    pub const fn record(&self) -> &Record {
        &self.stored.record
    }

    /// What its owner has told others last.
    pub fn card(&self) -> Option<&Card> {
        self.stored.record.tenure().map(|tenure| &tenure.card)
    }

    /// What is to be done for a wish.
    pub fn ask(&self, wish: &Wish) -> Ask {
        if self.doubt {
            return Ask::Look;
        }
        let Some(tenure) = self.stored.record.tenure() else { return Ask::Look };
        let tenancy = wish.tenancy(tenure);
        let record = Record { tenancy, ..self.stored.record.next() };
        Ask::Write(Proposal { expected: Some(self.stored.tag.clone()), record })
    }

    /// A write that was asked for leaves now.
    pub fn sends(&mut self, proposal: &Proposal, now: Span) {
        self.sent = Some(Sent::again(self.sent.as_ref(), proposal, now));
    }

    /// This came of the write that left last.
    pub fn wrote(mut self, written: &Written) -> Regard {
        match (written, self.sent.take()) {
            (Written::Applied(tag), Some(sent)) => {
                let stored = Stored { record: sent.record().clone(), tag: tag.clone() };
                self.settled(stored, Some(&sent))
            }
            (_, sent) => Regard::Owned(Self { sent, doubt: true, ..self }),
        }
    }

    /// This was seen.
    pub fn looked(mut self, found: Option<Stored>) -> Regard {
        let Some(found) = found else { return Regard::Gone(Gone::Vanished) };
        if found.record.revision < self.stored.record.revision {
            return Regard::Owned(self);
        }
        let sent = self.sent.take();
        let proven = sent.as_ref().filter(|sent| *sent.record() == found.record);
        match self.settled(found, proven) {
            // A write that has not landed yet still may: when it was sent first is kept.
            Regard::Owned(grip) => Regard::Owned(Self { sent, ..grip }),
            regard => regard,
        }
    }

    /// The same, with every time that it remembers replaced; see [`Seeker::aged`](super::Seeker).
    pub fn aged(mut self, age: impl Fn(Span) -> Span) -> Self {
        self.certain = age(self.certain);
        self.sent = self.sent.map(|sent| sent.aged(&age));
        self
    }

    /// This version is there, and a write of ours made it or not.
    fn settled(self, stored: Stored, proven: Option<&Sent>) -> Regard {
        let fence = stored.record.fence;
        match &stored.record.tenancy {
            Tenancy::Held(tenure) if tenure.owner == self.owner && fence == self.fence => {
                let certain = proven.map_or(self.certain, |sent| sent.first().max(self.certain));
                let grip = Self { stored, certain, doubt: false, ..self };
                if proven.is_some() { Regard::Granted(grip) } else { Regard::Owned(grip) }
            }
            Tenancy::Held(tenure) => Regard::Gone(self.replaced_by(tenure.clone(), fence)),
            Tenancy::Free(_) => Regard::Gone(Gone::Free),
        }
    }

    fn replaced_by(&self, tenure: Tenure, fence: Fence) -> Gone {
        if tenure.from == Some(self.owner) {
            return Gone::HandedOver(tenure, fence);
        }
        Gone::Taken(tenure, fence)
    }
}

impl Wish {
    fn tenancy(&self, tenure: &Tenure) -> Tenancy {
        let says = |doing: &String| Card { doing: doing.clone(), ..tenure.card.clone() };
        match self {
            Self::Leave(word) => Tenancy::Free(Some(says(word))),
            Self::Keep(None) => Tenancy::Held(tenure.clone()),
            Self::Keep(Some(doing)) => {
                Tenancy::Held(Tenure { card: says(doing), ..tenure.clone() })
            }
        }
    }
}
