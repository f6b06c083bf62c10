//! Planted bugs (filled in below).

use pilotage_rollout::journal::Record;
use pilotage_rollout::target::{Order, Outcome};
use pilotage_rollout::{Event, Plan, Run};

use super::trial::Trial;
use super::violation::Violation;
use super::world::World;

/// A known bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {}

impl Bug {
    pub(super) fn bend_plan(self, _: &mut Plan) {}
    pub(super) fn bend_replay(self, run: Run, _: &[Record]) -> Run {
        run
    }
    pub(super) fn bend_end(self, run: Run) -> Run {
        run
    }
    pub(super) fn meddle(self, _: &mut Trial, _: &Run) -> Result<(), Violation> {
        Ok(())
    }
    pub(super) fn bend_event(self, _: &mut Event, _: &Run, _: &World) {}
    pub(super) fn bend_order(self, _: &mut Order, _: &Run, _: &World) {}
    pub(super) fn answer_for(self, _: &Order, _: &mut World) -> Option<Outcome> {
        None
    }
    pub(super) fn announces(self) -> bool {
        true
    }
    pub(super) fn skips_waits(self) -> bool {
        false
    }
}
