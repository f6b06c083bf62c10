//! Stopping the candidate. It may hold leftovers of any size, and never grows again.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::target::Action;
use crate::{Cause, Share};

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, cause: Cause, cast: Cast<'_>) -> Move {
    if cast.share() != Share::NONE {
        return share::regained(cast.share(), cause);
    }
    if cast.candidate_units() == 0 {
        return Move::Reached(Stage::Closing { cause });
    }
    let release = facts.plan.to.id.clone();
    Move::Write(Stage::Disposing { cause }, Action::Capacity { release, units: 0 })
}
