//! Giving the candidate the traffic of a step, right after it was proven healthy.

use crate::Moment;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::Position;
use crate::run::window::Window;
use crate::target::Action;

use super::{Holding, Move, Stage, share};

pub(super) fn assess(facts: &Facts, at: Position, proven_at: Moment, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::drift(facts, at, cast) {
        return drift;
    }
    let wanted = facts.traffic(at);
    if cast.share() == wanted {
        let restarts = cast.candidate.map_or(0, |group| group.restarts);
        return Move::Reached(Stage::Holding(Holding::enter(facts, at, restarts)));
    }
    let is_fresh = facts.elapsed(proven_at) <= facts.plan.health.max_age();
    if !is_fresh || cast.candidate_ready() < facts.units(at) {
        return Move::Go(Stage::Proving { at, window: Window::default() });
    }
    let action = Action::Traffic {
        stable: facts.plan.from.as_ref().map(|release| release.id.clone()),
        candidate: facts.plan.to.id.clone(),
        share: wanted,
    };
    Move::Write(Stage::Shifting { at, proven_at }, action)
}
