//! Giving the candidate the capacity of a step.

use crate::Cause;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position};
use crate::run::window::Window;
use crate::target::Action;

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::drift(facts, at, cast) {
        return drift;
    }
    if let Some(reason) = cast.hopeless() {
        return Move::Fail(Goal::Forward(at), Cause::Hopeless { reason });
    }
    let units = facts.units(at);
    if cast.candidate_units() >= units {
        return Move::Reached(Stage::Proving { at, window: Window::default() });
    }
    let release = facts.plan.to.id.clone();
    Move::Write(Stage::Growing { at }, Action::Capacity { release, units })
}
