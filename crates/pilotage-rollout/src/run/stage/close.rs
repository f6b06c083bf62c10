//! Asserting that exactly the old release runs and serves.

use crate::run::cast::Cast;
use crate::run::facts::{Facts, Rolled};
use crate::run::phase::Goal;
use crate::target::Delegation;
use crate::{Cause, Share, Verdict};

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, cause: Cause, cast: Cast<'_>) -> Move {
    if let Some(drift) = share::stranger(cast, || Goal::Back(cause.clone())) {
        return drift;
    }
    if cast.share() != Share::NONE && !facts.plan.ramp.is_delegated() {
        return share::regained(cast.share(), cause);
    }
    if is_rolled_forward(facts, cast) {
        return Move::Go(Stage::Unrolling { cause });
    }
    if is_exactly_old(facts, cast) && facts.is_settled() {
        return Move::End(Verdict::Reverted { cause });
    }
    Move::Wait(Stage::Closing { cause }, facts.limits().poll)
}

/// An order to roll that shows late is taken back, however old everything still looks.
fn is_rolled_forward(facts: &Facts, cast: Cast<'_>) -> bool {
    let (Delegation::Rolling { release } | Delegation::Awaiting { release, .. }) =
        &cast.seen.delegation
    else {
        return false;
    };
    facts.rolled != Rolled::Not && facts.plan.from.is_some() && *release == facts.plan.to.id
}

fn is_exactly_old(facts: &Facts, cast: Cast<'_>) -> bool {
    let gone = cast.candidate.is_none_or(|group| !group.is_live());
    let Some(_) = &facts.plan.from else { return gone };
    let serves = cast.stable.is_some_and(|group| group.share == Share::ALL && group.desired > 0);
    gone && serves && cast.stable_ready() >= cast.stable_units()
}
