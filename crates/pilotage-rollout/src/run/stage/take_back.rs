//! Taking all traffic from the candidate.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::target::Action;
use crate::{Cause, Share};

use super::{Move, Stage};

pub(super) fn assess(facts: &Facts, cause: Cause, cast: Cast<'_>) -> Move {
    if cast.share() == Share::NONE {
        return Move::Go(Stage::Releasing { cause });
    }
    let action = Action::Traffic {
        stable: facts.plan.from.as_ref().map(|release| release.id.clone()),
        candidate: facts.plan.to.id.clone(),
        share: Share::NONE,
    };
    Move::Write(Stage::Returning { cause }, action)
}
