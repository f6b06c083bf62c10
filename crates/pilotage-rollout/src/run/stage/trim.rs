//! Taking units from the stable release that no longer carry anything.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::Position;
use crate::target::Action;

use super::{Move, Stage, hold, share};

pub(super) fn assess(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    let left = facts.left(at);
    let Some(from) = facts.plan.from.as_ref().filter(|_| cast.stable_units() > left) else {
        return hold::after_step(facts, at);
    };
    if let Some(drift) = share::drift(facts, at, cast) {
        return drift;
    }
    if cast.share() != facts.traffic(at) {
        return share::slipped(at, cast.share());
    }
    if cast.candidate_ready() < facts.units(at) {
        return Move::Wait(Stage::Trimming { at }, facts.limits().poll);
    }
    let release = from.id.clone();
    Move::Write(Stage::Trimming { at }, Action::Capacity { release, units: left })
}
