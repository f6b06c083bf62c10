//! Having the platform's own controller roll back to the release that was known to be good.

use crate::Cause;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::Goal;
use crate::target::{Action, Delegation};

use super::{Move, Stage, share};

pub(super) fn assess(facts: &Facts, cause: Cause, cast: Cast<'_>) -> Move {
    let Some(from) = &facts.plan.from else { return Move::Go(Stage::Returning { cause }) };
    if let Some(drift) = share::stranger(cast, || Goal::Back(cause.clone())) {
        return drift;
    }
    match &cast.seen.delegation {
        Delegation::Complete { release } if *release == from.id => {
            Move::Reached(Stage::Closing { cause })
        }
        Delegation::RolledBack { .. } if is_back(cast) => Move::Reached(Stage::Closing { cause }),
        Delegation::RolledBack { .. } => wait(facts, cause),
        Delegation::Rolling { release } if *release == from.id => wait(facts, cause),
        _ => {
            let release = from.id.clone();
            Move::Write(Stage::Unrolling { cause }, Action::Roll { release })
        }
    }
}

fn is_back(cast: Cast<'_>) -> bool {
    cast.candidate_units() == 0 && cast.stable_units() > 0
}

fn wait(facts: &Facts, cause: Cause) -> Move {
    Move::Wait(Stage::Unrolling { cause }, facts.limits().poll)
}
