//! Cleaning up what neither this release nor a rollback needs.

use crate::Verdict;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::target::Action;

use super::{Move, Stage, asserting};

/// What was asserted may have changed while the clean-up had to wait, and then nothing is cleaned.
pub(super) fn assess(facts: &Facts, cast: Cast<'_>) -> Move {
    if !asserting::is_exactly_new(facts, cast) {
        return Move::Go(Stage::Asserting);
    }
    if facts.plan.keep.is_empty() {
        return expire(facts);
    }
    Move::Write(Stage::Pruning, Action::Prune { keep: facts.plan.keep.clone() })
}

/// The deploy is done either way; the next run prunes what this one could not.
pub(super) fn expire(facts: &Facts) -> Move {
    Move::End(Verdict::Deployed { release: facts.plan.to.id.clone() })
}
