//! Proving the health of the candidate's capacity before it gets any traffic for it.

use crate::Cause;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position};
use crate::run::window::Window;

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, at: Position, mut window: Window, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::drift(facts, at, cast) {
        return drift;
    }
    if let Some(reason) = cast.hopeless() {
        return Move::Fail(Goal::Forward(at), Cause::Hopeless { reason });
    }
    let units = facts.units(at);
    if cast.candidate_units() < units {
        return share::weakened(facts, at, cast);
    }
    window.prove(cast.candidate, units);
    let is_well = cast.candidate_ready() >= units;
    if is_well && window.holds(facts.plan.health) {
        return Move::Go(Stage::Shifting { at, proven_at: facts.now });
    }
    Move::Wait(Stage::Proving { at, window }, facts.plan.health.interval())
}

pub(super) fn expire(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    let reason = cast.symptoms(facts.units(at));
    Move::Fail(Goal::Forward(at), Cause::Unhealthy { reason })
}
