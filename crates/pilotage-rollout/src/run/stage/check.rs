//! Is the world still the one that the plan was made for?

use alloc::format;

use crate::plan::fingerprint;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::{Moment, Verdict};

use super::{Move, entry};

pub(super) fn assess(facts: &Facts, cast: Cast<'_>) -> Move {
    if facts.now > facts.plan.expires_at {
        return expired(facts.now, facts.plan.expires_at);
    }
    if fingerprint(cast.seen) != facts.plan.fingerprint {
        let reason = "the target is no longer in the state that the plan was made from: plan again";
        return Move::End(Verdict::Refused { reason: reason.into() });
    }
    Move::Go(entry(facts, facts.first()))
}

fn expired(now: Moment, at: Moment) -> Move {
    let reason = format!("the plan expired {} ago: plan again", now.since(at));
    Move::End(Verdict::Refused { reason })
}
