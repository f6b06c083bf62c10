//! One process: what it is at.

use pilotage_lease::machine::{Claim, Grip, Seeker};
use pilotage_lease::{Card, Moment, OwnerId, Span, Term, Ticket};

use super::call::Call;

/// What a clock shows in every state of the model. Only differences matter, so time passes by
/// making older whatever is remembered.
pub(super) const NOW: Span = Span::from_secs(1_000);

/// The term of every lease: six steps of a clock.
pub(super) const STEPS: u64 = 6;
const STEP: u64 = 1_000;

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Process {
    /// How often it may still begin.
    pub(super) lives: u8,
    /// How often it may still renew; then it is too slow and loses the lease.
    pub(super) renewals: u8,
    pub(super) at: At,
}

/// What a process is at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum At {
    /// It has not begun.
    Shore,
    /// It wants the lease.
    Seeking(Seeker, Call),
    /// It has the lease.
    Holding(Grip, Call, Work),
    /// It has come to its end.
    Done,
}

/// How far a holder has come with its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// It has the lease, and that is all.
    Fresh,
    /// Its fence is known to the register.
    Claimed,
    /// It has read this.
    Read(u16),
    /// It has read this, and has looked at the lease once more.
    Checked(u16),
    /// Its write is in the post.
    Sent,
    /// It was told how that ended, or will never be.
    Over,
}

impl Process {
    /// Begins a life under a name that was never used.
    pub(super) fn begin(&mut self, number: usize, ticket: Option<Ticket>) {
        self.lives -= 1;
        let owner = OwnerId::from_bits((number as u128 + 1) * 16 + u128::from(self.lives));
        let claim = Claim { term: term(), ticket, at: Moment::default(), ..claim(owner) };
        self.at = At::Seeking(Seeker::new(claim), Call::Quiet);
    }

    /// Begins anew if there is a life left.
    pub(super) fn again(&mut self) {
        self.at = if self.lives > 0 { At::Shore } else { At::Done };
    }

    /// Lets its clock go on.
    pub(super) fn tick(&mut self, steps: u64) {
        let age = |at: Span| {
            let oldest = NOW.as_millis() - STEPS * STEP;
            Span::from_millis(at.as_millis().saturating_sub(steps * STEP).max(oldest))
        };
        self.at = match core::mem::replace(&mut self.at, At::Done) {
            At::Seeking(seeker, call) => At::Seeking(seeker.aged(age), call),
            At::Holding(grip, call, work) => At::Holding(grip.aged(age), call, work),
            other => other,
        };
    }

    /// Whether it is to renew.
    pub(super) fn is_due(&self, grip: &Grip) -> bool {
        self.renewals > 0 && grip.rest(NOW) == Span::ZERO
    }

    /// Whether it would rely upon the lease at this moment. Who gives it up does so no more, for
    /// that may have been done although nobody said so.
    pub(super) fn relies(&self) -> bool {
        matches!(
            &self.at,
            At::Holding(grip, _, work) if *work != Work::Over && grip.left(NOW) > Span::ZERO
        )
    }

    pub(super) fn call(&mut self) -> Option<&mut Call> {
        match &mut self.at {
            At::Seeking(_, call) | At::Holding(_, call, _) => Some(call),
            At::Shore | At::Done => None,
        }
    }

    /// The name of its present life.
    pub(super) fn life(&self) -> u8 {
        self.lives
    }
}

fn claim(owner: OwnerId) -> Claim {
    Claim::new(owner, Card::default())
}

fn term() -> Term {
    Term::new(Span::from_millis(STEPS * STEP)).unwrap_or(Term::USUAL)
}
