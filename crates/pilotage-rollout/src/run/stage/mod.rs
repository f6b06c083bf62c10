//! The stages of a run: for each, what it looks for, what it asks for, and when it gives up.
//!
//! A stage is a pure function from what is seen to a [`Move`]. It never looks at the clock beyond
//! the length of its own stay, never counts tries and never decides what a failure leads to; the
//! machine does that in one place for all of them.

mod asserting;
mod check;
mod claim;
mod close;
mod dispose;
mod drain;
mod grow;
pub(super) mod hold;
pub(super) mod migrate;
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
use super::facts::{Facts, Rolled};
use super::phase::{Goal, Position, Why};
use super::window::Window;

pub use hold::{Holding, Progress};

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

/// What a failure leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// Nothing was written: refuse.
    Refuse,
    /// The stable release can serve: go back to it.
    Revert,
    /// The candidate may be the only healthy copy: hold it and raise the alarm.
    Hold,
    /// Going back failed itself: never a loop, a person must look.
    Stuck { origin: Cause },
}

/// The failure policy of the brief, as one table.
pub(super) fn policy(facts: &Facts, goal: &Goal) -> Policy {
    match goal {
        Goal::Start => Policy::Refuse,
        Goal::Forward(_) if facts.retired => Policy::Hold,
        Goal::Migrate | Goal::Forward(_) => Policy::Revert,
        Goal::Finish => Policy::Hold,
        Goal::Back(origin) => Policy::Stuck { origin: origin.clone() },
    }
}

/// The goal of a run that is given up; one that goes back already goes on with that.
pub(super) fn turned_back(goal: Goal, cause: Cause) -> Goal {
    match goal {
        Goal::Back(origin) => Goal::Back(origin),
        Goal::Start | Goal::Migrate | Goal::Forward(_) | Goal::Finish => Goal::Back(cause),
    }
}

/// The stage in which a goal is pursued.
pub(super) fn entry(facts: &Facts, goal: Goal) -> Stage {
    let delegated = facts.plan.ramp.is_delegated();
    match goal {
        Goal::Start => Stage::Checking,
        Goal::Migrate => Stage::Migrating,
        Goal::Forward(at) if delegated => Stage::Rolling { at },
        Goal::Forward(at) => Stage::Growing { at },
        Goal::Finish => Stage::Asserting,
        Goal::Back(cause) if delegated && facts.rolled != Rolled::Not => Stage::Unrolling { cause },
        Goal::Back(cause) => Stage::Restoring { cause, window: Window::default() },
    }
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
            let limit = stage.deadline(facts).unwrap_or_default();
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

    /// How long the stage may take; none where the plan's own gates say so.
    pub(super) fn deadline(&self, facts: &Facts) -> Option<Span> {
        let limits = facts.limits();
        match self {
            Self::Holding(_) => None,
            Self::Migrating => Some(limits.migrate),
            Self::Rolling { .. } | Self::Unrolling { .. } => Some(limits.delegated),
            Self::Proving { .. } | Self::Asserting | Self::Closing { .. } => Some(limits.prove),
            Self::Restoring { .. } => Some(limits.prove + limits.confirm),
            Self::Draining { .. } | Self::Releasing { .. } => {
                Some(limits.drain + limits.settle + limits.prove)
            }
            Self::Trimming { .. } | Self::Disposing { .. } => Some(limits.confirm + limits.drain),
            Self::Claiming { .. }
            | Self::Checking
            | Self::Growing { .. }
            | Self::Shifting { .. }
            | Self::Proceeding { .. }
            | Self::Pruning
            | Self::Returning { .. } => Some(limits.confirm),
        }
    }

    /// What the stage waits for, as a person would say it.
    pub const fn awaits(&self) -> &'static str {
        match self {
            Self::Claiming { .. } => "the claim to show at the target",
            Self::Checking => "the live state",
            Self::Migrating => "the expand migrations",
            Self::Growing { .. } => "the candidate's units to be asked for",
            Self::Proving { .. } => "the candidate to prove healthy",
            Self::Shifting { .. } => "the router to give the candidate its traffic",
            Self::Holding(_) => "the gates of the step",
            Self::Draining { .. } => "requests at the stable release to finish",
            Self::Trimming { .. } => "the stable release's units to stop",
            Self::Rolling { .. } => "the platform's own rollout",
            Self::Proceeding { .. } => "the platform to go on from its hook",
            Self::Asserting => "exactly the new release to run",
            Self::Pruning => "the clean-up",
            Self::Restoring { .. } => "the stable release to be whole and healthy",
            Self::Unrolling { .. } => "the platform's own rollback",
            Self::Returning { .. } => "the router to take all traffic from the candidate",
            Self::Releasing { .. } => "requests at the candidate to finish",
            Self::Disposing { .. } => "the candidate's units to stop",
            Self::Closing { .. } => "exactly the old release to run",
        }
    }
}
