//! Is the candidate's traffic what this run made it?

use alloc::format;

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position, Why};
use crate::run::window::Window;
use crate::{Cause, Share};

use super::{Move, Slip, Stage};

/// A live release that the plan knows nothing of is somebody else's doing, on the way back too.
pub(super) fn stranger(cast: Cast<'_>, goal: impl FnOnce() -> Goal) -> Option<Move> {
    let reason = format!("`{}` is live and not part of the plan", cast.stranger_id()?);
    Some(Move::Park(Why::Drift { reason }, goal()))
}

/// A live release that the plan knows nothing of, or traffic that this run never gave, is
/// somebody else's doing: it is neither overwritten nor taken for ours. Once a person has settled
/// it, the gates of the step are passed again.
pub(super) fn drift(facts: &Facts, at: Position, cast: Cast<'_>) -> Option<Move> {
    let goal = || Goal::Forward(at.first_gate());
    let given = || {
        let share = cast.share();
        let reason = format!("somebody gave the candidate {share} of the traffic");
        (!facts.gave(share, at)).then(|| Move::Park(Why::Drift { reason }, goal()))
    };
    stranger(cast, goal).or_else(given)
}

/// Traffic of an earlier step means that a lost write came late: the step is done again, its gates
/// included, because what they saw was not this step.
pub(super) fn slipped(at: Position, share: Share) -> Move {
    let slip = Slip::Traffic(format!("the candidate's traffic slipped back to {share}"));
    Move::Repair { slip, stage: Stage::Growing { at: at.first_gate() } }
}

/// The candidate is not what it was: the step is proven again.
pub(super) fn weakened(facts: &Facts, at: Position, cast: Cast<'_>) -> Move {
    let slip = Slip::Health(cast.symptoms(facts.units(at)));
    Move::Repair { slip, stage: Stage::Growing { at } }
}

/// The candidate has traffic on the way back: the stable release is looked at before it gets it.
pub(super) fn regained(share: Share, cause: Cause) -> Move {
    let slip = Slip::Traffic(format!("the candidate got {share} of the traffic again"));
    Move::Repair { slip, stage: Stage::Restoring { cause, window: Window::default() } }
}
