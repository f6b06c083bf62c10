//! The transition function: which event means what, in which phase.
//!
//! The stages decide *what* to do from what they see. Whether it may be done *now* is decided beside
//! this module: `follow` passes stages on one observation, `turn` applies deadlines and the failure
//! policy, `pace` says when an order may be sent, `answer` what its outcome means.

use alloc::string::String;

use crate::Cause;
use crate::target::{Action, Fence};

use super::answer::{acted, inspected, unread};
use super::cast::Cast;
use super::facts::Facts;
use super::follow::follow;
use super::pace::{Next, look, park, write};
use super::phase::{Goal, Parked, Phase, Why, Work};
use super::stage::{self, Stage};
use super::turn::blind;
use super::{Effect, Event, Illegal};

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
    // A claim that lands late is the run's own, and harmless.
    let acting = matches!(asked, Effect::Act(order) if order.action != Action::Claim);
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
            facts.unread_since = None;
            let plan = facts.plan.clone();
            Ok(follow(facts, work, Cast::of(&plan, seen)))
        }
        (Event::Inspected(Ok(schema)), Effect::Inspect) => {
            facts.unread_since = None;
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
    facts.unread_since = None;
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
