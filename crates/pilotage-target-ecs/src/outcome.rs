//! What a failed call means for a read and for a write.

use pilotage_artifact::Digest;
use pilotage_aws::{Failure, Kind};
use pilotage_rollout::Span;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Outcome, ReadFailure, Rejection};

/// Whether it may be different in a while.
pub(crate) const fn passes(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Throttled
            | Kind::Conflict
            | Kind::Unreachable
            | Kind::TimedOut
            | Kind::Unreadable
            | Kind::Fault
    )
}

/// A read that gave nothing.
pub(crate) fn unread(failure: &Failure) -> ReadFailure {
    let reason = failure.to_string();
    if passes(failure.kind()) {
        return ReadFailure::Unavailable { reason, retry_after: None };
    }
    ReadFailure::Refused { reason }
}

/// A write that was not even begun, because what it depends on could not be read.
pub(crate) fn unbegun(failure: ReadFailure, run: &RunId) -> Outcome {
    Outcome::NotApplied(match failure {
        ReadFailure::Unavailable { reason, retry_after } => {
            Rejection::Busy { reason, retry_after: Some(retry_after.unwrap_or_else(|| rest(run))) }
        }
        ReadFailure::Refused { reason } => Rejection::Refused { reason },
    })
}

/// A write without a good answer.
pub(crate) fn unwritten(failure: &Failure, run: &RunId) -> Outcome {
    let reason = failure.to_string();
    if failure.may_have_happened() {
        return Outcome::Unknown { reason };
    }
    Outcome::NotApplied(match failure.kind() {
        kind if passes(kind) => Rejection::Busy { reason, retry_after: Some(rest(run)) },
        _ => Rejection::Refused { reason },
    })
}

/// Why a read gave nothing.
pub(crate) fn said(failure: ReadFailure) -> String {
    match failure {
        ReadFailure::Unavailable { reason, .. } | ReadFailure::Refused { reason } => reason,
    }
}

/// A write that was not made, because something must be looked at first.
pub(crate) fn busy(reason: String, run: &RunId) -> Outcome {
    Outcome::NotApplied(Rejection::Busy { reason, retry_after: Some(rest(run)) })
}

/// A refusal of our own.
pub(crate) fn refused(reason: impl Into<String>) -> Outcome {
    Outcome::NotApplied(Rejection::Refused { reason: reason.into() })
}

/// How long to leave ECS alone: runs that hinder each other do not come back at the same moment.
fn rest(run: &RunId) -> Span {
    let [low, high, ..] = *Digest::of(run.0.as_bytes()).bytes();
    Span::from_millis(1_500 + u64::from(u16::from_le_bytes([low, high])) % 3_000)
}
