//! Passing as many stages as one observation allows.

use alloc::string::String;

use crate::Cause;

use super::cast::Cast;
use super::facts::Facts;
use super::pace::{Next, park};
use super::phase::{Pace, Why, Work};
use super::stage::{self, Move, Stage};
use super::turn::{Turn, apply, blind, resolve};

/// More stages than any run can pass on one observation.
const MOST_MOVES: usize = 1_000;

/// Passes as many stages as one observation allows.
pub(super) fn follow(facts: &mut Facts, mut work: Work, cast: Cast<'_>) -> Next {
    if let Some(moved) = guard(facts, &work.stage, cast) {
        return blind(facts, work.pace.since, moved);
    }
    for _ in 0..MOST_MOVES {
        let Work { stage, pace } = work;
        let is_shift = is_shift(&stage, pace);
        let moved = stage::assess(facts, stage, pace.since, cast);
        if !is_confirmed(&moved) {
            facts.doubt(pace.sent_at);
        }
        let stage = match resolve(facts, moved) {
            Turn::Go(stage) => stage,
            turn => {
                return apply(facts, pace, turn, |facts, stage| stage::expire(facts, stage, cast));
            }
        };
        let goes_on = is_shift && is_shift_or_proof(&stage);
        work = if goes_on { Work { stage, pace } } else { Work::enter(stage, facts.now) };
    }
    let reason = String::from("the target changes faster than it can be followed");
    park(Why::Drift { reason }, work.stage.goal())
}

/// A proof that grew old while the router was waited for is renewed within that wait: neither its
/// deadline nor its tries begin anew.
const fn is_shift(stage: &Stage, pace: Pace) -> bool {
    match stage {
        Stage::Shifting { .. } => true,
        Stage::Proving { .. } => pace.tries > 0,
        _ => false,
    }
}

const fn is_shift_or_proof(stage: &Stage) -> bool {
    matches!(stage, Stage::Shifting { .. } | Stage::Proving { .. })
}

/// Whether the stage stays, or is left because what it asked for is there.
const fn is_confirmed(moved: &Move) -> bool {
    matches!(moved, Move::Reached(_) | Move::Write(..) | Move::Wait(..) | Move::Call(..))
}

/// What is checked on every observation, whatever the stage.
fn guard(facts: &Facts, stage: &Stage, cast: Cast<'_>) -> Option<Move> {
    if cast.seen.fence > facts.fence {
        return Some(Move::Park(Why::newer_owner(cast.seen.fence), stage.goal()));
    }
    if cast.seen.incarnation != facts.plan.incarnation {
        let reason = String::from("the target was deleted and made again since the plan was made");
        return Some(Move::Park(Why::Drift { reason }, stage.goal()));
    }
    if matches!(stage, Stage::Claiming { .. }) {
        return None;
    }
    let allowed = facts.limits().calls;
    if stage.is_backward() && facts.calls >= allowed.saturating_mul(2) {
        return Some(Move::Fail(stage.goal(), Cause::Budget { calls: allowed }));
    }
    if !stage.is_backward() && facts.calls >= allowed {
        return Some(Move::Fail(stage.goal(), Cause::Budget { calls: allowed }));
    }
    None
}
