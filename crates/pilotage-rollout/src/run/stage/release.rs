//! Waiting until the candidate may be stopped.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::{Cause, Moment, Share};

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, cause: Cause, since: Moment, cast: Cast<'_>) -> Move {
    if cast.share() != Share::NONE {
        return share::regained(cast.share(), cause);
    }
    let idle = cast.candidate.is_none_or(|group| group.in_flight == Some(0));
    let drained = idle || facts.elapsed(since) >= facts.limits().drain;
    if drained && facts.is_settled() {
        return Move::Go(Stage::Disposing { cause });
    }
    Move::Wait(Stage::Releasing { cause }, facts.limits().poll)
}
