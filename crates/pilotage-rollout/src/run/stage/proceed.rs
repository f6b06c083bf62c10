//! Letting the platform go on from the hook at which it waits.

use alloc::string::String;

use crate::run::cast::Cast;
use crate::run::phase::Position;
use crate::target::{Action, Delegation};

use super::{Move, Stage};

pub(super) fn assess(at: Position, hook: String, cast: Cast<'_>) -> Move {
    match &cast.seen.delegation {
        Delegation::Awaiting { hook: waiting, .. } if *waiting == hook => {
            let action = Action::Proceed { hook: hook.clone() };
            Move::Write(Stage::Proceeding { at, hook }, action)
        }
        _ => Move::Reached(Stage::Rolling { at: at.first_gate() }),
    }
}
