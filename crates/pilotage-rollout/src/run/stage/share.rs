//! Is the candidate's traffic what this run made it?

use alloc::format;
use alloc::string::String;

use crate::Share;
use crate::run::cast::Cast;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position, Why};

use super::{Move, Stage};

/// A live release that the plan knows nothing of, or traffic that this run never gave, is
/// somebody else's doing: it is neither overwritten nor taken for ours.
pub(super) fn drift(facts: &Facts, at: Position, cast: Cast<'_>) -> Option<Move> {
    let reason = match (cast.stranger_id(), cast.share()) {
        (Some(stranger), _) => format!("`{stranger}` is live and not part of the plan"),
        (None, share) if !facts.gave(share, at) => {
            format!("somebody gave the candidate {share} of the traffic")
        }
        (None, _) => return None,
    };
    Some(Move::Park(Why::Drift { reason }, Goal::Forward(at)))
}

/// Traffic of an earlier step means that a lost write came late: the step is done again.
pub(super) fn slipped(at: Position, share: Share) -> Move {
    let why = format!("the candidate's traffic slipped back to {share}");
    Move::Repair { why, stage: Stage::Growing { at } }
}

pub(super) fn lost_units() -> String {
    String::from("the candidate lost units that it had")
}
