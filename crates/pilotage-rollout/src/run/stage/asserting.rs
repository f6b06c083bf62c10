//! Asserting that exactly the planned release runs and serves, and nothing else does.

use crate::Share;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position};
use crate::target::Delegation;

use super::{Move, Slip, Stage, share};

pub(super) fn assess(facts: &Facts, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::stranger(cast, || Goal::Finish) {
        return drift;
    }
    let setback = if facts.plan.ramp.is_delegated() { taken_back } else { slipped_back };
    if let Some(setback) = setback(facts, cast) {
        return setback;
    }
    if is_exactly_new(facts, cast) && facts.is_settled() {
        return Move::Go(Stage::Pruning);
    }
    Move::Wait(Stage::Asserting, facts.limits().poll)
}

/// The platform may take back what it had completed.
fn taken_back(facts: &Facts, cast: Cast<'_>) -> Option<Move> {
    match &cast.seen.delegation {
        Delegation::Complete { release } if *release == facts.plan.to.id => None,
        _ => Some(Move::Go(Stage::Rolling { at: Position::default() })),
    }
}

fn slipped_back(facts: &Facts, cast: Cast<'_>) -> Option<Move> {
    let last = Position { step: facts.plan.ramp.steps().len().saturating_sub(1), gate: usize::MAX };
    if cast.share() != Share::ALL {
        return Some(share::slipped(last, cast.share()));
    }
    if cast.candidate_units() < facts.size {
        return Some(share::weakened(facts, last, cast));
    }
    (cast.stable_units() > 0).then(|| {
        let slip = Slip::Traffic("the stable release came back".into());
        Move::Repair { slip, stage: Stage::Draining { at: last } }
    })
}

pub(super) fn is_exactly_new(facts: &Facts, cast: Cast<'_>) -> bool {
    let gone = cast.stable.is_none_or(|group| !group.is_live());
    let alone = gone && cast.stranger.is_none();
    alone && cast.share() == Share::ALL && cast.candidate_ready() >= facts.whole(cast)
}
