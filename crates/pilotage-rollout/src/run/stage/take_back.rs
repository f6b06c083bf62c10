//! Taking all traffic from the candidate.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::window::Window;
use crate::target::Action;
use crate::{Cause, Share};

use super::{Move, Slip, Stage};

pub(super) fn assess(facts: &Facts, cause: Cause, cast: Cast<'_>) -> Move {
    if cast.share() == Share::NONE {
        return Move::Reached(Stage::Releasing { cause });
    }
    if facts.plan.from.is_some() && cast.stable_ready() == 0 && cast.candidate_is_well() {
        let slip = Slip::Health("the stable release is down and the candidate is not".into());
        return Move::Repair { slip, stage: Stage::Restoring { cause, window: Window::default() } };
    }
    let action = Action::Traffic {
        stable: facts.plan.from.as_ref().map(|release| release.id.clone()),
        candidate: facts.plan.to.id.clone(),
        share: Share::NONE,
    };
    Move::Write(Stage::Returning { cause }, action)
}
