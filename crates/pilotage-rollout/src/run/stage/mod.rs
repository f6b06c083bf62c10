//! The stages of a run: for each, what it looks for, what it asks for, and when it gives up.
//!
//! A stage is a pure function from what is seen to a [`Move`]. It never looks at the clock beyond
//! the length of its own stay, never counts tries and never decides what a failure leads to; the
//! machine does that in one place for all of them.

mod asserting;
mod check;
mod claim;
mod close;
mod deadline;
mod dispose;
mod drain;
mod grow;
pub(super) mod hold;
pub(super) mod migrate;
mod policy;
mod proceed;
mod prove;
mod prune;
mod release;
mod restore;
mod roll;
mod share;
mod shift;
mod take_back;
mod trim;
mod unroll;

use alloc::string::String;

use crate::target::Action;
use crate::{Cause, Moment, Span, Verdict};

use super::Effect;
use super::cast::Cast;
use super::facts::Facts;
use super::phase::{Goal, Position, Why};
use super::window::Window;

pub use hold::{Holding, Progress};
pub(super) use policy::{Policy, entry, policy, turned_back};

/// What a run is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Raising the fence at the target. Entered first of all and after each resumption.
    Claiming {
        /// What comes after it.
        goal: Goal,
    },
    /// Comparing the live state with the one that the plan was made from.
    Checking,
    /// Having the expand migrations applied.
    Migrating,
    /// Giving the candidate the capacity of a step.
    Growing {
        /// Which step.
        at: Position,
    },
    /// Proving the health of that capacity.
    Proving {
        /// Which step.
        at: Position,
        /// What was seen so far.
        window: Window,
    },
    /// Giving the candidate the traffic of a step.
    Shifting {
        /// Which step.
        at: Position,
        /// When the candidate's health was proven.
        proven_at: Moment,
    },
    /// Passing the gates of a step, with an eye on the candidate's health.
    Holding(Holding),
    /// Waiting until the stable release may lose units.
    Draining {
        /// Which step.
        at: Position,
    },
    /// Taking units from the stable release.
    Trimming {
        /// Which step.
        at: Position,
    },
    /// Watching the platform's own controller roll.
    Rolling {
        /// Which of the gates were passed.
        at: Position,
    },
    /// Letting the platform go on from a hook.
    Proceeding {
        /// Which of the gates were passed.
        at: Position,
        /// Where the platform waits.
        hook: String,
    },
    /// Asserting that exactly the new release runs.
    Asserting,
    /// Cleaning up what nobody needs.
    Pruning,
    /// Making sure that the stable release can carry everything.
    Restoring {
        /// What failed.
        cause: Cause,
        /// What was seen of the stable release's health so far.
        window: Window,
    },
    /// Having the platform's own controller roll back.
    Unrolling {
        /// What failed.
        cause: Cause,
    },
    /// Taking all traffic from the candidate.
    Returning {
        /// What failed.
        cause: Cause,
    },
    /// Waiting until the candidate may be stopped.
    Releasing {
        /// What failed.
        cause: Cause,
    },
    /// Stopping the candidate.
    Disposing {
        /// What failed.
        cause: Cause,
    },
    /// Asserting that exactly the old release runs.
    Closing {
        /// What failed.
        cause: Cause,
    },
}

/// What a stage wants after what it has seen.
#[derive(Debug)]
pub(super) enum Move {
    /// What was asked for is there; enter this stage.
    Reached(Stage),
    /// Enter this stage, whatever became of what was asked for.
    Go(Stage),
    /// Enter this stage with another size of the whole.
    Resize { size: u16, stage: Stage },
    /// Enter this stage again, because a state that was reached has slipped back.
    Repair { slip: Slip, stage: Stage },
    /// Ask the target for this, as soon as that may be done.
    Write(Stage, Action),
    /// Look again after a while.
    Wait(Stage, Span),
    /// Ask somebody else.
    Call(Stage, Effect),
    /// Something failed.
    Fail(Goal, Cause),
    /// Stand still.
    Park(Why, Goal),
    /// It is over.
    End(Verdict),
}

/// What has slipped back, in words for the person who is asked when it does so again and again.
#[derive(Debug)]
pub(super) enum Slip {
    /// The router does not stay where it was put.
    Traffic(String),
    /// Units do not stay well.
    Health(String),
}

/// What to do after this was seen.
pub(super) fn assess(facts: &Facts, stage: Stage, since: Moment, cast: Cast<'_>) -> Move {
    match stage {
        Stage::Claiming { goal } => claim::assess(facts, goal, cast),
        Stage::Checking => check::assess(facts, cast),
        Stage::Migrating => Move::Wait(Stage::Migrating, Span::ZERO),
        Stage::Growing { at } => grow::assess(facts, at, cast),
        Stage::Proving { at, window } => prove::assess(facts, at, window, cast),
        Stage::Shifting { at, proven_at } => shift::assess(facts, at, proven_at, cast),
        Stage::Holding(holding) => hold::assess(facts, holding, cast),
        Stage::Draining { at } => drain::assess(facts, at, since, cast),
        Stage::Trimming { at } => trim::assess(facts, at, cast),
        Stage::Rolling { at } => roll::assess(facts, at, cast),
        Stage::Proceeding { at, hook } => proceed::assess(at, hook, cast),
        Stage::Asserting => asserting::assess(facts, cast),
        Stage::Pruning => prune::assess(facts, cast),
        Stage::Restoring { cause, window } => restore::assess(facts, cause, window, cast),
        Stage::Unrolling { cause } => unroll::assess(facts, cause, cast),
        Stage::Returning { cause } => take_back::assess(facts, cause, cast),
        Stage::Releasing { cause } => release::assess(facts, cause, since, cast),
        Stage::Disposing { cause } => dispose::assess(facts, cause, cast),
        Stage::Closing { cause } => close::assess(facts, cause, cast),
    }
}

/// What to do when the target will not do what the stage needs.
pub(super) fn refused(stage: Stage, action: &Action, reason: &str) -> Move {
    match stage {
        Stage::Claiming { goal } => claim::refused(goal, reason.into()),
        stage => {
            let reason = alloc::format!("{action}: {reason}");
            Move::Fail(stage.goal(), Cause::Refused { reason })
        }
    }
}

/// What to do when the stage has taken too long.
pub(super) fn expire(facts: &Facts, stage: Stage, cast: Cast<'_>) -> Move {
    match stage {
        Stage::Claiming { goal } => claim::expire(goal),
        Stage::Proving { at, .. } => prove::expire(facts, at, cast),
        Stage::Restoring { cause, .. } => restore::expire(cause, cast),
        Stage::Pruning => prune::expire(facts),
        stage => {
            let limit = stage.deadline(facts.limits()).unwrap_or_default();
            let waiting_for = String::from(stage.awaits());
            Move::Fail(stage.goal(), Cause::Timeout { waiting_for, limit })
        }
    }
}

impl Stage {
    /// What a resumed run goes on with.
    pub(super) fn goal(&self) -> Goal {
        match self {
            Self::Claiming { goal } => goal.clone(),
            Self::Checking => Goal::Start,
            Self::Migrating => Goal::Migrate,
            Self::Growing { at }
            | Self::Proving { at, .. }
            | Self::Shifting { at, .. }
            | Self::Holding(Holding { at, .. })
            | Self::Draining { at }
            | Self::Trimming { at }
            | Self::Rolling { at }
            | Self::Proceeding { at, .. } => Goal::Forward(*at),
            Self::Asserting | Self::Pruning => Goal::Finish,
            Self::Restoring { cause, .. }
            | Self::Unrolling { cause }
            | Self::Returning { cause }
            | Self::Releasing { cause }
            | Self::Disposing { cause }
            | Self::Closing { cause } => Goal::Back(cause.clone()),
        }
    }

    pub(super) fn position(&self) -> Option<Position> {
        match self.goal() {
            Goal::Forward(at) => Some(at),
            Goal::Start | Goal::Migrate | Goal::Finish | Goal::Back(_) => None,
        }
    }

    pub(super) fn is_backward(&self) -> bool {
        matches!(
            self,
            Self::Restoring { .. }
                | Self::Unrolling { .. }
                | Self::Returning { .. }
                | Self::Releasing { .. }
                | Self::Disposing { .. }
                | Self::Closing { .. }
                | Self::Claiming { goal: Goal::Back(_) }
        )
    }
}
