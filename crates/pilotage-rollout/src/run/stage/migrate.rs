//! Having the expand migrations applied, once, by whoever is at it already.

use crate::Cause;
use crate::run::facts::Facts;
use crate::run::phase::{Goal, Position};
use crate::target::{Action, Schema};

use super::{Move, Stage, entry};

pub(in crate::run) fn assess(facts: &Facts, stage: Stage, schema: &Schema) -> Move {
    match (schema, &facts.plan.migration) {
        (Schema::Applied, _) | (_, None) => {
            Move::Reached(entry(facts, Goal::Forward(Position::default())))
        }
        (Schema::Applying, Some(_)) => Move::Wait(stage, facts.limits().poll),
        (Schema::Absent, Some(migration)) => {
            Move::Write(stage, Action::Migrate { migration: migration.clone() })
        }
        (Schema::Dirty { reason }, Some(_)) => {
            Move::Fail(Goal::Migrate, Cause::Migration { reason: reason.clone() })
        }
    }
}
