//! The transition function: how events move a run from one stage to the next.
//!
//! The stages decide *what* to do from what they see; this module decides *whether it may be done
//! now*: pace, deadlines, budgets, settling of lost writes, and the failure policy.

use alloc::format;
use alloc::string::String;

use crate::target::{Action, Fence, Outcome, ReadFailure, Rejection, Schema};
use crate::{Cause, Moment, Span, Verdict};

use super::cast::Cast;
use super::facts::{Facts, Rolled};
use super::phase::{Goal, Pace, Parked, Phase, Why, Work};
use super::stage::{self, Move, Policy, Slip, Stage};
use super::{Effect, Event, Illegal, order};

/// More stages than any run can pass on one observation.
const MOST_MOVES: usize = 1_000;

type Next = (Phase, Effect);

pub(super) fn advance(
    facts: &mut Facts,
    phase: Phase,
    asked: &Effect,
    event: &Event,
) -> Result<Next, Illegal> {
    match phase {
        Phase::Working(work) => working(facts, work, asked, event),
        Phase::Parked(parked) => wake(facts, parked, event),
        Phase::Ended(_) => Err(Illegal::Ended { event: name(event) }),
    }
}

fn working(facts: &mut Facts, work: Work, asked: &Effect, event: &Event) -> Result<Next, Illegal> {
    let acting = matches!(asked, Effect::Act(_));
    match (event, asked) {
        (Event::Resumed { fence, dangling }, _) => {
            facts.doubt(work.pace.sent_at);
            resume(facts, work.stage.goal(), *fence, *dangling)
        }
        (Event::Aborted { by }, _) => Ok(abort(facts, work, by.clone(), acting)),
        (Event::Interrupted, _) => Ok(leave(facts, &work, Why::Interrupted, acting)),
        (Event::LeaseLost { reason }, _) => {
            Ok(leave(facts, &work, Why::Superseded { reason: reason.clone() }, acting))
        }
        (Event::Acted(outcome), Effect::Act(order)) => {
            Ok(acted(facts, work, &order.action, outcome))
        }
        (Event::Observed(Ok(seen)), Effect::Observe) => {
            facts.read_at = facts.now;
            let plan = facts.plan.clone();
            Ok(follow(facts, work, Cast::of(&plan, seen)))
        }
        (Event::Inspected(Ok(schema)), Effect::Inspect) => {
            facts.read_at = facts.now;
            Ok(inspected(facts, work, schema))
        }
        (Event::Observed(Err(failure)), Effect::Observe)
        | (Event::Inspected(Err(failure)), Effect::Inspect) => Ok(unread(facts, work, failure)),
        (Event::Woke, Effect::Wait { .. }) => Ok(look(work)),
        (Event::Probed(result), Effect::Probe(smoke)) => {
            let moved = stage::hold::probed(facts, work.stage, smoke, result.clone());
            Ok(blind(facts, work.pace.since, moved))
        }
        (Event::Measured(readings), Effect::Measure { .. }) => {
            let moved = stage::hold::measured(facts, work.stage, readings)?;
            Ok(blind(facts, work.pace.since, moved))
        }
        (Event::Answered(answer), Effect::Ask { question }) => {
            let moved = stage::hold::answered(facts, work.stage, question, answer.clone());
            Ok(blind(facts, work.pace.since, moved))
        }
        (event, _) => Err(Illegal::NotAsked { event: name(event) }),
    }
}

/// A run that stands still accepts being resumed and being given up, nothing else.
fn wake(facts: &mut Facts, parked: Parked, event: &Event) -> Result<Next, Illegal> {
    match event {
        Event::Resumed { fence, dangling } => resume(facts, parked.goal, *fence, *dangling),
        Event::Aborted { by } => {
            let goal = stage::turned_back(parked.goal, Cause::Aborted { by: by.clone() });
            Ok((Phase::Parked(Parked { goal, ..parked }), Effect::Finish))
        }
        other => Err(Illegal::Parked { event: name(other) }),
    }
}

fn resume(facts: &mut Facts, goal: Goal, fence: Fence, dangling: bool) -> Result<Next, Illegal> {
    if fence <= facts.fence {
        return Err(Illegal::OldFence { last: facts.fence, fence });
    }
    facts.fence = fence;
    facts.calls = 0;
    facts.repairs = 0;
    facts.read_at = facts.now;
    if dangling {
        facts.unsettle();
    }
    let work = Work::enter(Stage::Claiming { goal }, facts.now);
    Ok(write(facts, work, Action::Claim))
}

fn abort(facts: &mut Facts, work: Work, by: String, acting: bool) -> Next {
    if acting {
        facts.unsettle();
    }
    if work.stage.is_backward() {
        return look(work);
    }
    facts.doubt(work.pace.sent_at);
    let cause = Cause::Aborted { by };
    let stage = match work.stage {
        Stage::Claiming { goal } => Stage::Claiming { goal: stage::turned_back(goal, cause) },
        _ => stage::entry(facts, Goal::Back(cause)),
    };
    look(Work::enter(stage, facts.now))
}

fn leave(facts: &mut Facts, work: &Work, why: Why, acting: bool) -> Next {
    if acting {
        facts.unsettle();
    }
    facts.doubt(work.pace.sent_at);
    park(why, work.stage.goal())
}

fn acted(facts: &mut Facts, mut work: Work, action: &Action, outcome: &Outcome) -> Next {
    if matches!(work.stage, Stage::Pruning) {
        return pruned(facts, work, outcome);
    }
    if matches!(action, Action::Roll { .. }) && !matches!(outcome, Outcome::NotApplied(_)) {
        facts.rolled = Rolled::Heard;
    }
    match outcome {
        Outcome::Applied => {
            work.pace.sent_at = Some(facts.now);
            look_after(facts, work, facts.limits().lag)
        }
        Outcome::Unknown { .. } => {
            facts.unsettle();
            work.pace.sent_at = Some(facts.now);
            look_after(facts, work, facts.limits().lag)
        }
        Outcome::NotApplied(Rejection::Busy { retry_after, .. }) => {
            let usual = facts.limits().poll * u64::from(work.pace.tries);
            let pause = patience(facts, *retry_after, usual);
            look_after(facts, work, pause)
        }
        Outcome::NotApplied(Rejection::StaleFence { current }) => {
            park(Why::newer_owner(*current), work.stage.goal())
        }
        Outcome::NotApplied(Rejection::Refused { reason }) => {
            let moved = stage::refused(work.stage, action, reason);
            blind(facts, work.pace.since, moved)
        }
    }
}

/// Clean-up is not worth a failure: what could not be pruned now is pruned by the next run.
fn pruned(facts: &Facts, work: Work, outcome: &Outcome) -> Next {
    match outcome {
        Outcome::NotApplied(Rejection::Busy { retry_after, .. })
            if work.pace.tries < facts.limits().tries =>
        {
            look_after(facts, work, patience(facts, *retry_after, facts.limits().poll))
        }
        _ => end(Verdict::Deployed { release: facts.plan.to.id.clone() }),
    }
}

/// A target may ask for patience, but it neither puts a run to sleep nor makes it spin.
fn patience(facts: &Facts, asked: Option<Span>, usual: Span) -> Span {
    let limits = facts.limits();
    asked.unwrap_or(usual).max(limits.poll).min(limits.confirm)
}

fn unread(facts: &Facts, work: Work, failure: &ReadFailure) -> Next {
    match failure {
        ReadFailure::Refused { reason } => {
            park(Why::Unreadable { reason: reason.clone() }, work.stage.goal())
        }
        ReadFailure::Unavailable { reason, .. }
            if facts.elapsed(facts.read_at) >= facts.limits().confirm =>
        {
            park(Why::Unreadable { reason: reason.clone() }, work.stage.goal())
        }
        ReadFailure::Unavailable { retry_after, .. } => {
            look_after(facts, work, patience(facts, *retry_after, facts.limits().poll))
        }
    }
}

fn inspected(facts: &mut Facts, work: Work, schema: &Schema) -> Next {
    let Work { stage, pace } = work;
    let moved = stage::migrate::assess(facts, stage, schema);
    let turn = resolve(facts, moved);
    apply(facts, pace, turn, |facts, stage| {
        let limit = facts.limits().migrate;
        let waiting_for = String::from("the expand migrations");
        Move::Fail(stage.goal(), Cause::Timeout { waiting_for, limit })
    })
}

/// Passes as many stages as one observation allows.
fn follow(facts: &mut Facts, mut work: Work, cast: Cast<'_>) -> Next {
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

/// What is left of a move once its meaning for the run as a whole is settled.
enum Turn {
    Go(Stage),
    Write(Stage, Action),
    Wait(Stage, Span),
    Call(Stage, Effect),
    Park(Why, Goal),
    End(Verdict),
}

/// Books what a move means for the run as a whole, and turns failures into what they lead to.
fn resolve(facts: &mut Facts, moved: Move) -> Turn {
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
fn repair(facts: &mut Facts, slip: Slip, stage: Stage) -> Turn {
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
fn fail(facts: &Facts, goal: Goal, cause: Cause) -> Turn {
    match stage::policy(facts, &goal) {
        Policy::Refuse => Turn::End(Verdict::Refused { reason: format!("{cause}") }),
        Policy::Revert => Turn::Go(stage::entry(facts, Goal::Back(cause))),
        Policy::Hold => Turn::Park(Why::Held { cause }, goal),
        Policy::Stuck { origin } => {
            Turn::Park(Why::Stuck { cause: origin, reason: format!("{cause}") }, goal)
        }
    }
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

/// Carries out a turn that is not the entry of another stage, unless the stage's time is up.
fn apply(
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
    let deadline = stage.deadline(facts).map(|limit| pace.since + limit);
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
fn blind(facts: &mut Facts, since: Moment, moved: Move) -> Next {
    let turn = resolve(facts, moved);
    conclude(facts, Pace { since, tries: 0, sent_at: None }, turn)
}

fn conclude(facts: &Facts, pace: Pace, turn: Turn) -> Next {
    match turn {
        Turn::Go(stage) | Turn::Write(stage, _) => look(Work::enter(stage, facts.now)),
        Turn::Wait(stage, pause) => look_after(facts, Work { stage, pace }, pause),
        Turn::Call(stage, effect) => (Phase::Working(Work { stage, pace }), effect),
        Turn::Park(why, goal) => park(why, goal),
        Turn::End(verdict) => end(verdict),
    }
}

/// Whether the stage's write may be sent now: it was not sent yet or has not shown for so long
/// that it is lost, it was not sent too often, and no lost write can still cross it.
fn may_send(facts: &Facts, work: &Work) -> bool {
    let limits = facts.limits();
    let lost = |sent: Moment| facts.elapsed(sent) >= limits.settle + limits.lag + limits.poll;
    let due = work.pace.sent_at.is_none_or(lost);
    let urgent = matches!(work.stage, Stage::Claiming { .. } | Stage::Returning { .. });
    due && work.pace.tries < limits.tries && (urgent || facts.is_settled())
}

pub(super) fn write(facts: &mut Facts, mut work: Work, action: Action) -> Next {
    work.pace.tries = work.pace.tries.saturating_add(1);
    if let (Stage::Trimming { .. }, Action::Capacity { units, .. }) = (&work.stage, &action) {
        facts.trimmed = true;
        facts.retired |= *units == 0;
    }
    if matches!(action, Action::Roll { .. }) {
        facts.rolled = facts.rolled.max(Rolled::Asked);
    }
    let effect = order(facts, action);
    (Phase::Working(work), effect)
}

fn look(work: Work) -> Next {
    let effect = match work.stage {
        Stage::Migrating => Effect::Inspect,
        _ => Effect::Observe,
    };
    (Phase::Working(work), effect)
}

fn look_after(facts: &Facts, work: Work, pause: Span) -> Next {
    if pause == Span::ZERO {
        return look(work);
    }
    let until = facts.now + pause;
    (Phase::Working(work), Effect::Wait { until })
}

const fn park(why: Why, goal: Goal) -> Next {
    (Phase::Parked(Parked { why, goal }), Effect::Finish)
}

const fn end(verdict: Verdict) -> Next {
    (Phase::Ended(verdict), Effect::Finish)
}

const fn name(event: &Event) -> &'static str {
    match event {
        Event::Acted(_) => "acted",
        Event::Observed(_) => "observed",
        Event::Inspected(_) => "inspected",
        Event::Probed(_) => "probed",
        Event::Measured(_) => "measured",
        Event::Answered(_) => "answered",
        Event::Woke => "woke",
        Event::Aborted { .. } => "aborted",
        Event::Interrupted => "interrupted",
        Event::LeaseLost { .. } => "lease lost",
        Event::Resumed { .. } => "resumed",
    }
}
