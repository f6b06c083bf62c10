//! Waiting until the stable release may lose units.

use crate::Moment;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::Position;

use super::{Move, Stage, share};

/// Units go only when traffic was read back to be elsewhere, no lost write can bring it back, the
/// candidate carries it well, and, where all of them go, their requests have finished or had
/// their time.
pub(super) fn assess(facts: &Facts, at: Position, since: Moment, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::drift(facts, at, cast) {
        return drift;
    }
    if cast.share() != facts.traffic(at) {
        return share::slipped(at, cast.share());
    }
    if cast.candidate_ready() < facts.units(at) {
        return share::weakened(facts, at, cast);
    }
    let all = facts.left(at) == 0;
    let idle = cast.stable.and_then(|group| group.in_flight) == Some(0);
    let drained = !all || idle || facts.elapsed(since) >= facts.limits().drain;
    if drained && facts.is_settled() {
        return Move::Go(Stage::Trimming { at });
    }
    Move::Wait(Stage::Draining { at }, facts.limits().poll)
}
