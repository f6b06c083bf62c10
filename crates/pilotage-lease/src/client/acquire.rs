//! Asking for ownership, with bounded waiting.

use pilotage_rollout::Span;

use super::held::Held;
use super::{LeaseClient, LeaseError};
use crate::machine::{Busy, Claim, Grip, Seeker, Sought, Want};
use crate::{OwnerId, Ticket};

/// How long to wait for somebody else to finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How long in all; nothing means to ask once.
    pub limit: Span,
    /// How much of that while a person holds it: people take days, and hear of nobody who waits.
    pub hold: Span,
    /// How often to look, at the most; half of it is varied, so that those who wait spread out.
    pub poll: Span,
}

impl Waiting {
    /// Asks once.
    pub const NOT: Self = Self { limit: Span::ZERO, hold: Span::ZERO, poll: Span::from_secs(2) };

    /// Waits for this long, for whoever has it.
    pub const fn up_to(limit: Span) -> Self {
        Self { limit, hold: limit, ..Self::NOT }
    }

    /// The same, with no more than this of it for a person who holds it.
    pub const fn with_hold(self, hold: Span) -> Self {
        Self { hold, ..self }
    }

    fn while_it_is(&self, busy: &Busy) -> Span {
        match busy {
            Busy::OnHold(_) => self.hold.min(self.limit),
            Busy::Owned { .. } | Busy::Exhausted => self.limit,
        }
    }
}

/// The answer to a request for ownership.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is matched at once and never stored")]
pub enum Acquisition {
    /// It is owned.
    Held(Held),
    /// It is somebody else's.
    Busy(Busy),
}

/// How often one look may be followed by a write that does not succeed, before it is time to wait.
const TRIES: u32 = 12;

impl LeaseClient {
    /// Asks for ownership, and waits while somebody else has it; `progress` is told why, at each
    /// look.
    ///
    /// Dropping it may leave an ownership that nobody uses, until its term is over.
    pub async fn acquire(
        &self,
        claim: Claim,
        waiting: Waiting,
        progress: &mut (dyn FnMut(&Busy) + Send),
    ) -> Result<Acquisition, LeaseError> {
        let (begun, owner) = (self.now(), claim.owner);
        let mut seeker = Seeker::new(claim);
        for look in 0_u64.. {
            let asked = self.now();
            let busy = match self.settle(seeker).await {
                Ok(Settled::Holding(grip)) => return self.confirmed(grip).await,
                Ok(Settled::Busy(back, busy)) => {
                    seeker = back;
                    busy
                }
                Err(error) => return Err(error),
            };
            let left = left(waiting.while_it_is(&busy), begun, asked);
            if left == Span::ZERO {
                return Ok(Acquisition::Busy(busy));
            }
            progress(&busy);
            self.clock.sleep(pause(&busy, waiting.poll, owner, look).min(left)).await;
            seeker.look_again();
        }
        Err(self.unsettled(u32::MAX))
    }

    /// Looks and writes until there is an answer.
    async fn settle(&self, mut seeker: Seeker) -> Result<Settled, LeaseError> {
        let mut asked = None;
        for _ in 0..TRIES {
            let sought = match seeker.want(self.now()) {
                Want::Look => {
                    let found = self.read().await?;
                    seeker.looked(self.now(), found)
                }
                Want::Write(proposal) => {
                    seeker.sends(&proposal, self.now());
                    seeker.wrote(&self.write(&proposal).await?)
                }
                Want::Busy(busy) => match self.witnessed_death(&busy, &mut asked).await {
                    Some(dead) => {
                        seeker.testify(dead);
                        Sought::Seeking(seeker)
                    }
                    None => return Ok(Settled::Busy(seeker, busy)),
                },
            };
            seeker = match sought {
                Sought::Holding(grip) => return Ok(Settled::Holding(grip)),
                Sought::Seeking(seeker) => seeker,
            };
        }
        Err(self.unsettled(TRIES))
    }

    /// Asks once for each ownership whether it died.
    async fn witnessed_death(&self, busy: &Busy, asked: &mut Option<Ticket>) -> Option<Ticket> {
        let ticket = busy.ticket().filter(|ticket| *asked != Some(*ticket))?;
        *asked = Some(ticket);
        self.witness.is_dead(&self.name, ticket).await.then_some(ticket)
    }

    /// An ownership that took long to be known is renewed before anybody relies upon it.
    async fn confirmed(&self, grip: Grip) -> Result<Acquisition, LeaseError> {
        let needs_renewal = grip.left(self.now()) == Span::ZERO;
        let mut held = Held::new(self.clone(), grip);
        if needs_renewal {
            held.insist().await?;
        }
        if held.left() == Span::ZERO { Err(self.unsettled(1)) } else { Ok(Acquisition::Held(held)) }
    }
}

#[expect(clippy::large_enum_variant, reason = "it is matched at once and never stored")]
enum Settled {
    Holding(Grip),
    Busy(Seeker, Busy),
}

fn left(limit: Span, begun: Span, now: Span) -> Span {
    let passed = now.as_millis().saturating_sub(begun.as_millis());
    Span::from_millis(limit.as_millis().saturating_sub(passed))
}

/// How long to wait before the next look: not beyond the moment at which the record is stale,
/// and differently for each owner and look.
fn pause(busy: &Busy, poll: Span, owner: OwnerId, look: u64) -> Span {
    let half = poll.as_millis() / 2;
    #[expect(clippy::cast_possible_truncation, reason = "any of the bits will do")]
    let varied = (owner.bits() as u64).wrapping_add(look).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    let pause = Span::from_millis(half + varied % half.max(1)).max(Span::from_millis(1));
    match busy {
        Busy::Owned { stale_in, .. } => pause.min((*stale_in).max(Span::from_millis(1))),
        Busy::OnHold(_) | Busy::Exhausted => pause,
    }
}
