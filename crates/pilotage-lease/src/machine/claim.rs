//! Who wants to own, and on what terms.

use pilotage_rollout::{Fence, Moment};

use crate::{Card, OwnerId, Term, Ticket};

/// Who wants to own, and on what terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Under which name; never used for another claim.
    pub owner: OwnerId,
    /// What others are told.
    pub card: Card,
    /// How long the ownership is to last without being renewed.
    pub term: Term,
    /// A fence that must be exceeded, because the thing itself has seen it.
    pub above: Fence,
    /// Whose place may be taken without waiting, because they gave this away for it.
    pub ticket: Option<Ticket>,
    /// The time of the wall clock, for others to read.
    pub at: Moment,
}

impl Claim {
    /// A claim under this name, for the usual term.
    pub fn new(owner: OwnerId, card: Card) -> Self {
        let (above, at) = (Fence::default(), Moment::default());
        Self { owner, card, term: Term::USUAL, above, ticket: None, at }
    }
}
