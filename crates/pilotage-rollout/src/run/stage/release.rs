//! Waiting until the candidate may be stopped.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::{Cause, Moment, Share};

use super::{Move, Stage};

pub(super) fn assess(facts: &Facts, cause: Cause, since: Moment, cast: Cast<'_>) -> Move {
    if cast.share() != Share::NONE {
        let why = alloc::format!("the candidate got {} of the traffic again", cast.share());
        return Move::Repair { why, stage: Stage::Returning { cause } };
    }
    let idle = cast.candidate.is_none_or(|group| group.in_flight == Some(0));
    let drained = idle || facts.elapsed(since) >= facts.limits().drain;
    if drained && facts.is_settled() {
        return Move::Go(Stage::Disposing { cause });
    }
    Move::Wait(Stage::Releasing { cause }, facts.limits().poll)
}
