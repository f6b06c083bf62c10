//! Raising the fence at the target: the first thing that any process does there.

use alloc::string::String;

use crate::Verdict;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Why};
use crate::target::Action;

use super::{Move, Stage, entry};

pub(super) fn assess(facts: &Facts, goal: Goal, cast: Cast<'_>) -> Move {
    if cast.seen.fence == facts.fence {
        return Move::Reached(entry(facts, goal));
    }
    Move::Write(Stage::Claiming { goal }, Action::Claim)
}

/// Without the claim nothing may be read or written, so a run that has begun stands still.
pub(super) fn refused(goal: Goal, reason: String) -> Move {
    match goal {
        Goal::Start => Move::End(Verdict::Refused { reason }),
        goal => Move::Park(Why::Unreadable { reason }, goal),
    }
}

pub(super) fn expire(goal: Goal) -> Move {
    let reason = String::from("the claim was accepted but does not show at the target");
    Move::Park(Why::Unreadable { reason }, goal)
}
