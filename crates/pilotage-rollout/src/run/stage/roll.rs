//! Watching the platform's own controller roll; its word about *our* release is what counts.

use crate::Cause;
use crate::run::cast::Cast;
use crate::run::facts::{Facts, Rolled};
use crate::run::phase::{Goal, Position, Why};
use crate::target::{Action, Delegation};

use super::{Holding, Move, Stage, share};

pub(super) fn assess(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::stranger(cast, || Goal::Forward(at.first_gate())) {
        return drift;
    }
    let ours = &facts.plan.to.id;
    match &cast.seen.delegation {
        Delegation::Complete { release } if release == ours => completed(facts, at, cast),
        Delegation::Awaiting { release, .. } if release == ours => hold(facts, at, cast),
        Delegation::Rolling { release } if release == ours => rolling(facts, at, cast),
        Delegation::Failed { release, reason } | Delegation::RolledBack { release, reason }
            if release == ours && facts.rolled == Rolled::Heard =>
        {
            Move::Fail(Goal::Forward(at), Cause::Platform { reason: reason.clone() })
        }
        Delegation::Rolling { release } | Delegation::Awaiting { release, .. }
            if Some(release) != facts.plan.from.as_ref().map(|from| &from.id) =>
        {
            let reason = alloc::format!("somebody has the platform roll to `{release}`");
            Move::Park(Why::Drift { reason }, Goal::Forward(at))
        }
        _ => Move::Write(Stage::Rolling { at }, Action::Roll { release: ours.clone() }),
    }
}

fn rolling(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    match cast.hopeless() {
        Some(reason) => Move::Fail(Goal::Forward(at), Cause::Hopeless { reason }),
        None => Move::Wait(Stage::Rolling { at }, facts.limits().poll),
    }
}

fn completed(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    if cast.candidate_ready() < facts.whole(cast) {
        return Move::Wait(Stage::Rolling { at }, facts.limits().poll);
    }
    hold(facts, at, cast)
}

fn hold(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    let restarts = cast.candidate.map_or(0, |group| group.restarts);
    Move::Reached(Stage::Holding(Holding::enter(facts, at, restarts)))
}
