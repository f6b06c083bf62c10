//! When an order may be sent, and how a run looks, waits and stands still.

use crate::target::Action;
use crate::{Moment, Span, Verdict};

use super::facts::{Facts, Rolled};
use super::phase::{Goal, Parked, Phase, Why, Work};
use super::stage::Stage;
use super::{Effect, order};

/// The next state of a run and what it wants.
pub(super) type Next = (Phase, Effect);

/// Whether the stage's write may be sent now: it was not sent yet or has not shown for so long
/// that it is lost, it was not sent too often, and no lost write can still cross it.
pub(super) fn may_send(facts: &Facts, work: &Work) -> bool {
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

pub(super) fn look(work: Work) -> Next {
    let effect = match work.stage {
        Stage::Migrating => Effect::Inspect,
        _ => Effect::Observe,
    };
    (Phase::Working(work), effect)
}

pub(super) fn look_after(facts: &Facts, work: Work, pause: Span) -> Next {
    if pause == Span::ZERO {
        return look(work);
    }
    let until = facts.now + pause;
    (Phase::Working(work), Effect::Wait { until })
}

pub(super) const fn park(why: Why, goal: Goal) -> Next {
    (Phase::Parked(Parked { why, goal }), Effect::Finish)
}

pub(super) const fn end(verdict: Verdict) -> Next {
    (Phase::Ended(verdict), Effect::Finish)
}
