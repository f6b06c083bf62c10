//! The parts that a run is told in.

use core::fmt::{self, Display, Formatter};

use pilotage_rollout::run::{Goal, Holding, Position, Stage};
use pilotage_rollout::{Plan, Share};

/// A part of a run, as a person would divide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chapter {
    /// The target is claimed and looked at.
    Prepare,
    /// The expand migrations are applied.
    Migrate,
    /// A step of the ramp.
    Step {
        /// Which, counted from one.
        number: usize,
        /// How many there are.
        of: usize,
        /// The candidate's traffic in it.
        traffic: Share,
    },
    /// The platform's own controller performs the ramp.
    Platform,
    /// The end state is asserted and cleaned up.
    Finish,
    /// The run goes back to the old release.
    GoBack,
    /// The run stands still.
    StandStill,
}

impl Chapter {
    /// The part that a stage belongs to.
    pub(super) fn of(stage: &Stage, plan: &Plan) -> Self {
        match stage {
            Stage::Claiming { goal: Goal::Back(_) }
            | Stage::Restoring { .. }
            | Stage::Unrolling { .. }
            | Stage::Returning { .. }
            | Stage::Releasing { .. }
            | Stage::Disposing { .. }
            | Stage::Closing { .. } => Self::GoBack,
            Stage::Claiming { .. } | Stage::Checking => Self::Prepare,
            Stage::Migrating => Self::Migrate,
            Stage::Growing { at }
            | Stage::Proving { at, .. }
            | Stage::Shifting { at, .. }
            | Stage::Holding(Holding { at, .. })
            | Stage::Draining { at }
            | Stage::Trimming { at }
            | Stage::Rolling { at }
            | Stage::Proceeding { at, .. } => Self::step(*at, plan),
            Stage::Asserting | Stage::Pruning => Self::Finish,
        }
    }

    fn step(at: Position, plan: &Plan) -> Self {
        let steps = plan.ramp.steps();
        match steps.get(at.step) {
            Some(step) => {
                Self::Step { number: at.step + 1, of: steps.len(), traffic: step.traffic }
            }
            None => Self::Platform,
        }
    }
}

impl Display for Chapter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prepare => f.write_str("prepare"),
            Self::Migrate => f.write_str("migrate"),
            Self::Step { number, of, traffic } => {
                write!(f, "step {number} of {of}: {traffic} of the traffic")
            }
            Self::Platform => f.write_str("the platform rolls"),
            Self::Finish => f.write_str("finish"),
            Self::GoBack => f.write_str("go back"),
            Self::StandStill => f.write_str("stand still"),
        }
    }
}
