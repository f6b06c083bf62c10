//! What the target was asked for, and what became of it.

use pilotage_rollout::Moment;
use pilotage_rollout::target::{Order, Outcome, Rejection};

use super::LONGEST_TEXT;
use crate::text::one_line;

/// An order to the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOrder {
    /// Its number in the run.
    pub number: u32,
    /// What was asked for, cleaned.
    pub action: String,
    /// When its intent was written down.
    pub at: Moment,
    /// What became of it; nothing if no process lived to write that down.
    pub answer: Option<Answer>,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub at: Moment,
    /// Whether it was applied; nobody knows if there is no value.
    pub applied: Option<bool>,
    /// The same in words, with the target's reason, cleaned.
    pub words: String,
}

impl GivenOrder {
    pub(super) fn of(at: Moment, order: &Order) -> Self {
        let action = one_line(&order.action.to_string(), LONGEST_TEXT);
        Self { number: order.stamp.number, action, at, answer: None }
    }
}

impl Answer {
    pub(super) fn of(at: Moment, outcome: &Outcome) -> Self {
        let (applied, words) = match outcome {
            Outcome::Applied => (Some(true), "applied".to_owned()),
            Outcome::Unknown { reason } => (None, format!("outcome unknown: {reason}")),
            Outcome::NotApplied(rejection) => (Some(false), rejected(rejection)),
        };
        Self { at, applied, words: one_line(&words, LONGEST_TEXT) }
    }
}

fn rejected(rejection: &Rejection) -> String {
    match rejection {
        Rejection::Busy { reason, retry_after: None } => format!("busy: {reason}"),
        Rejection::Busy { reason, retry_after: Some(after) } => {
            format!("busy, again after {after}: {reason}")
        }
        Rejection::Refused { reason } => format!("refused: {reason}"),
        Rejection::StaleFence { current } => {
            format!("refused, the target has a newer owner under fence {current}")
        }
    }
}
