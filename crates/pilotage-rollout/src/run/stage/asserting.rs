//! Asserting that exactly the planned release runs and serves, and nothing else does.

use crate::Share;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position};
use crate::target::Delegation;

use super::{Move, Slip, Stage, share};

pub(super) fn assess(facts: &Facts, cast: Cast<'_>) -> Move {
    let last = Position { step: facts.plan.ramp.steps().len().saturating_sub(1), gate: usize::MAX };
    if let Some(drift) = share::stranger(cast, || Goal::Finish) {
        return drift;
    }
    if facts.plan.ramp.is_delegated() {
        if !is_completed(facts, cast) {
            return Move::Go(Stage::Rolling { at: Position::default() });
        }
    } else {
        if cast.share() != Share::ALL {
            return share::slipped(last, cast.share());
        }
        if cast.candidate_units() < facts.size {
            return share::weakened(facts, last, cast);
        }
        if cast.stable_units() > 0 {
            let slip = Slip::Traffic("the stable release came back".into());
            return Move::Repair { slip, stage: Stage::Draining { at: last } };
        }
    }
    if is_exactly_new(facts, cast) && facts.is_settled() {
        return Move::Go(Stage::Pruning);
    }
    Move::Wait(Stage::Asserting, facts.limits().poll)
}

/// The platform may take back what it had completed.
fn is_completed(facts: &Facts, cast: Cast<'_>) -> bool {
    matches!(&cast.seen.delegation, Delegation::Complete { release } if *release == facts.plan.to.id)
}

pub(super) fn is_exactly_new(facts: &Facts, cast: Cast<'_>) -> bool {
    let gone = cast.stable.is_none_or(|group| !group.is_live());
    let alone = gone && cast.stranger.is_none();
    alone && cast.share() == Share::ALL && cast.candidate_ready() >= facts.size
}
