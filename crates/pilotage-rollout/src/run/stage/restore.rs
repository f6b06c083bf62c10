//! Making sure that the stable release can carry everything before it gets everything back.

use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Why};
use crate::run::window::Window;
use crate::target::Action;
use crate::{Cause, Share};

use super::{Move, Stage};

pub(super) fn assess(facts: &Facts, cause: Cause, mut window: Window, cast: Cast<'_>) -> Move {
    let Some(from) = &facts.plan.from else { return Move::Go(Stage::Returning { cause }) };
    if cast.stable_units() < facts.size && facts.trimmed {
        let (release, units) = (from.id.clone(), facts.size);
        return Move::Write(
            Stage::Restoring { cause, window },
            Action::Capacity { release, units },
        );
    }
    if cast.share() == Share::NONE {
        return Move::Go(Stage::Releasing { cause });
    }
    window.prove(cast.stable, facts.size.min(cast.stable_units()).max(1));
    if is_fit(facts, window, cast) {
        return Move::Reached(Stage::Returning { cause });
    }
    Move::Wait(Stage::Restoring { cause, window }, facts.plan.health.interval())
}

/// Units that were never touched are as good as they were; units that were stopped and started
/// again are proven like any other, and no lost write may still stop them.
fn is_fit(facts: &Facts, window: Window, cast: Cast<'_>) -> bool {
    if facts.trimmed {
        return facts.is_settled()
            && window.holds(facts.plan.health)
            && cast.stable_ready() >= facts.size;
    }
    cast.stable_units() > 0 && cast.stable_ready() >= cast.stable_units()
}

/// The old release does not become healthy. Traffic stays with the candidate if that is well;
/// if neither is, the old one is what was known to be good.
pub(super) fn expire(cause: Cause, cast: Cast<'_>) -> Move {
    if cast.candidate_is_well() || cast.stable_units() == 0 {
        return Move::Park(Why::Held { cause: cause.clone() }, Goal::Back(cause));
    }
    Move::Go(Stage::Returning { cause })
}
