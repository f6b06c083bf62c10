//! What a stage's move comes to: failures become what they lead to, writes wait until they may be
//! sent, and waits end at their deadline.

use alloc::format;

use crate::target::Action;
use crate::{Cause, Moment, Span, Verdict};

use super::Effect;
use super::facts::Facts;
use super::pace::{Next, end, look, look_after, may_send, park, write};
use super::phase::{Goal, Pace, Phase, Why, Work};
use super::stage::{self, Move, Policy, Slip, Stage};

/// What is left of a move once its meaning for the run as a whole is settled.
pub(super) enum Turn {
    Go(Stage),
    Write(Stage, Action),
    Wait(Stage, Span),
    Call(Stage, Effect),
    Park(Why, Goal),
    End(Verdict),
}

/// Books what a move means for the run as a whole, and turns failures into what they lead to.
pub(super) fn resolve(facts: &mut Facts, moved: Move) -> Turn {
    match moved {
        Move::Reached(stage) | Move::Go(stage) => Turn::Go(stage),
        Move::Write(stage, action) => Turn::Write(stage, action),
        Move::Wait(stage, pause) => Turn::Wait(stage, pause),
        Move::Call(stage, effect) => Turn::Call(stage, effect),
        Move::Park(why, goal) => Turn::Park(why, goal),
        Move::End(verdict) => Turn::End(verdict),
        Move::Fail(goal, cause) => fail(facts, goal, cause),
        Move::Resize { size, stage } => {
            facts.size = size;
            Turn::Go(stage)
        }
        Move::Repair { slip, stage } => repair(facts, slip, stage),
    }
}

/// A state that slipped back is reached again, but not for ever.
pub(super) fn repair(facts: &mut Facts, slip: Slip, stage: Stage) -> Turn {
    facts.repairs = facts.repairs.saturating_add(1);
    if facts.repairs <= facts.limits().repairs {
        return Turn::Go(stage);
    }
    match slip {
        Slip::Traffic(reason) => Turn::Park(Why::Drift { reason }, stage.goal()),
        Slip::Health(reason) => fail(facts, stage.goal(), Cause::Unhealthy { reason }),
    }
}

/// What a failure leads to is decided by where the run stands.
pub(super) fn fail(facts: &Facts, goal: Goal, cause: Cause) -> Turn {
    match stage::policy(facts, &goal) {
        Policy::Refuse => Turn::End(Verdict::Refused { reason: format!("{cause}") }),
        Policy::Revert => Turn::Go(stage::entry(facts, Goal::Back(cause))),
        Policy::Hold => Turn::Park(Why::Held { cause }, goal),
        Policy::Stuck { origin } => {
            Turn::Park(Why::Stuck { cause: origin, reason: format!("{cause}") }, goal)
        }
    }
}

/// Carries out a turn that is not the entry of another stage, unless the stage's time is up.
pub(super) fn apply(
    facts: &mut Facts,
    pace: Pace,
    turn: Turn,
    expire: impl FnOnce(&Facts, Stage) -> Move,
) -> Next {
    let (stage, pause, action) = match turn {
        Turn::Write(stage, action) => (stage, facts.limits().poll, Some(action)),
        Turn::Wait(stage, pause) => (stage, pause, None),
        Turn::Go(_) | Turn::Call(..) | Turn::Park(..) | Turn::End(_) => {
            return conclude(facts, pace, turn);
        }
    };
    let deadline = stage.deadline(facts.limits()).map(|limit| pace.since + limit);
    if deadline.is_some_and(|deadline| facts.now >= deadline) {
        facts.doubt(pace.sent_at);
        let moved = expire(facts, stage);
        return blind(facts, facts.now, moved);
    }
    let work = Work { stage, pace };
    match action {
        Some(action) if may_send(facts, &work) => write(facts, work, action),
        _ => look_after(facts, work, pause),
    }
}

/// Carries out a move without an observation at hand: whatever comes next begins with a look.
pub(super) fn blind(facts: &mut Facts, since: Moment, moved: Move) -> Next {
    let turn = resolve(facts, moved);
    conclude(facts, Pace { since, tries: 0, sent_at: None }, turn)
}

pub(super) fn conclude(facts: &Facts, pace: Pace, turn: Turn) -> Next {
    match turn {
        Turn::Go(stage) | Turn::Write(stage, _) => look(Work::enter(stage, facts.now)),
        Turn::Wait(stage, pause) => look_after(facts, Work { stage, pace }, pause),
        Turn::Call(stage, effect) => (Phase::Working(Work { stage, pace }), effect),
        Turn::Park(why, goal) => park(why, goal),
        Turn::End(verdict) => end(verdict),
    }
}
