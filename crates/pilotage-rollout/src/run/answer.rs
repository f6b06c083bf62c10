//! What the answers to orders and reads mean for the stage that asked.

use alloc::string::String;

use crate::target::{Action, Outcome, ReadFailure, Rejection, Schema};
use crate::{Cause, Span, Verdict};

use super::facts::{Facts, Rolled};
use super::pace::{Next, end, look_after, park};
use super::phase::{Why, Work};
use super::stage::{self, Move, Stage};
use super::turn::{apply, blind, resolve};

pub(super) fn acted(facts: &mut Facts, mut work: Work, action: &Action, outcome: &Outcome) -> Next {
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
pub(super) fn pruned(facts: &Facts, work: Work, outcome: &Outcome) -> Next {
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
pub(super) fn patience(facts: &Facts, asked: Option<Span>, usual: Span) -> Span {
    let limits = facts.limits();
    asked.unwrap_or(usual).max(limits.poll).min(limits.confirm)
}

/// A target may be out of reach for a while, counted from the first read that failed: a person's
/// long silence before it is not the target's.
pub(super) fn unread(facts: &mut Facts, work: Work, failure: &ReadFailure) -> Next {
    let since = *facts.unread_since.get_or_insert(facts.now);
    match failure {
        ReadFailure::Unavailable { retry_after, .. }
            if facts.elapsed(since) < facts.limits().confirm =>
        {
            look_after(facts, work, patience(facts, *retry_after, facts.limits().poll))
        }
        ReadFailure::Unavailable { reason, .. } | ReadFailure::Refused { reason } => {
            park(Why::Unreadable { reason: reason.clone() }, work.stage.goal())
        }
    }
}

pub(super) fn inspected(facts: &mut Facts, work: Work, schema: &Schema) -> Next {
    let Work { stage, pace } = work;
    let moved = stage::migrate::assess(facts, stage, schema);
    let turn = resolve(facts, moved);
    apply(facts, pace, turn, |facts, stage| {
        let limit = facts.limits().migrate;
        let waiting_for = String::from("the expand migrations");
        Move::Fail(stage.goal(), Cause::Timeout { waiting_for, limit })
    })
}
