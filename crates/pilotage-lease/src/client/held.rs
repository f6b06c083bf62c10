//! An ownership.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::{Fence, Span};

use super::{LeaseClient, LeaseError};
use crate::machine::{Ask, Gone, Grip, Regard, Wish};
use crate::{Card, Record, Ticket};

/// An ownership, until it is lost or given up.
#[derive(Debug)]
pub struct Held {
    client: LeaseClient,
    grip: Grip,
    lost: Option<Loss>,
}

/// What came of a renewal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// It is owned for another term.
    Kept,
    /// It could not be renewed yet; it may be relied upon for this much longer.
    Unsure {
        /// How much longer.
        left: Span,
        /// Why.
        reason: String,
    },
    /// It is over; nothing may be done in its name any more.
    Lost(Loss),
}

/// How an ownership was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// The store shows that it is over.
    Seen(Gone),
    /// Nothing is known for so long that it must be taken for over: the store did not answer, or
    /// this process was suspended.
    Silent,
    /// Its owner began to give it up, and it may be done although nobody said so.
    Leaving,
}

impl Display for Loss {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seen(gone) => gone.fmt(f),
            Self::Silent => f.write_str("it could not be renewed in time"),
            Self::Leaving => f.write_str("it is being given up"),
        }
    }
}

/// How often a write may fail to settle within one renewal.
const TRIES: u32 = 6;

impl Held {
    pub(super) const fn new(client: LeaseClient, grip: Grip) -> Self {
        Self { client, grip, lost: None }
    }

    /// The number of the ownership.
    pub const fn fence(&self) -> Fence {
        self.grip.fence()
    }

    /// Names the ownership, for whoever is to take it over. Go on renewing until that has
    /// happened: it is then told as [`Gone::HandedOver`].
    pub const fn ticket(&self) -> Ticket {
        self.grip.ticket()
    }

    /// What others are told.
    pub fn card(&self) -> Option<&Card> {
        self.grip.card()
    }

    /// How much longer the ownership may be relied upon; zero once it is lost. It asks nobody but
    /// the clock, so that it can be asked right before each act.
    pub fn left(&self) -> Span {
        if self.lost.is_some() {
            return Span::ZERO;
        }
        self.grip.left(self.client.now())
    }

    /// Renews the ownership once, whatever the time.
    pub async fn renew(&mut self) -> Renewal {
        self.keep(Wish::Keep(None)).await
    }

    /// Tells others what is being done, and renews with it.
    pub async fn say(&mut self, doing: impl Into<String>) -> Renewal {
        self.keep(Wish::Keep(Some(doing.into()))).await
    }

    /// Renews at a third of the term, for as long as it is polled; ends only when the ownership is
    /// lost. Nothing is lost by dropping it and calling it again.
    pub async fn lost(&mut self) -> Loss {
        loop {
            if let Some(loss) = &self.lost {
                return loss.clone();
            }
            self.client.clock.sleep(self.grip.rest(self.client.now())).await;
            if let Renewal::Unsure { left, .. } = self.renew().await {
                // Soon again, but not so often as to be a burden to a store in trouble.
                let soon = Span::from_millis((left.as_millis() / 8).clamp(1, 1_000));
                self.client.clock.sleep(soon).await;
            }
        }
    }

    /// Gives the ownership up, with this to say about what was done. What is over already needs no
    /// giving up. Says what is known to have become of it. Nothing may be done in its name from
    /// here on, also if this fails; it may be tried again.
    pub async fn release(&mut self, word: impl Into<String>) -> Result<Gone, LeaseError> {
        if let Some(Loss::Seen(gone)) = &self.lost {
            return Ok(gone.clone());
        }
        self.lost = Some(Loss::Leaving);
        let wish = Wish::Leave(word.into());
        match self.grant(&wish).await? {
            Some(gone) => {
                self.lost = Some(Loss::Seen(gone.clone()));
                Ok(gone)
            }
            None => Err(self.client.unsettled(TRIES)),
        }
    }

    /// Renews, or fails.
    pub(super) async fn insist(&mut self) -> Result<(), LeaseError> {
        if let Some(gone) = self.grant(&Wish::Keep(None)).await? {
            self.lost = Some(Loss::Seen(gone));
        }
        Ok(())
    }

    async fn keep(&mut self, wish: Wish) -> Renewal {
        if self.left() == Span::ZERO {
            return Renewal::Lost(self.lost.get_or_insert(Loss::Silent).clone());
        }
        let granted = self.grant(&wish).await;
        let left = self.left();
        match granted {
            Ok(Some(gone)) => Renewal::Lost(self.lost.insert(Loss::Seen(gone)).clone()),
            // Also a renewal that was granted is too late, if the answer took too long.
            _ if left == Span::ZERO => Renewal::Lost(self.lost.insert(Loss::Silent).clone()),
            Ok(None) => Renewal::Kept,
            Err(error) => Renewal::Unsure { left, reason: with_causes(&error) },
        }
    }

    /// Asks until the wish is granted or it is over, and says how.
    async fn grant(&mut self, wish: &Wish) -> Result<Option<Gone>, LeaseError> {
        for _ in 0..TRIES {
            let regard = match self.grip.ask(wish) {
                Ask::Look => {
                    let found = self.client.read().await?;
                    self.grip.clone().looked(found)
                }
                Ask::Write(proposal) => {
                    self.grip.sends(&proposal, self.client.now());
                    let written = self.client.write(&proposal).await?;
                    self.grip.clone().wrote(&written)
                }
            };
            match regard {
                Regard::Granted(grip) => {
                    self.grip = grip;
                    return Ok(None);
                }
                Regard::Owned(grip) => self.grip = grip,
                Regard::Gone(gone) => return Ok(Some(gone)),
            }
        }
        Err(self.client.unsettled(TRIES))
    }
}

impl Held {
    /// The lease that this is an ownership of.
    pub const fn client(&self) -> &LeaseClient {
        &self.client
    }

    /// What is written down about it, as far as is known here.
    pub const fn record(&self) -> &Record {
        self.grip.record()
    }
}

fn with_causes(error: &LeaseError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
