//! What a failure leads to, and where a goal is pursued.

use crate::Cause;
use crate::run::facts::{Facts, Rolled};
use crate::run::phase::Goal;
use crate::run::window::Window;

use super::Stage;

/// What a failure leads to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::run) enum Policy {
    /// Nothing was written: refuse.
    Refuse,
    /// The stable release can serve: go back to it.
    Revert,
    /// The candidate may be the only healthy copy: hold it and raise the alarm.
    Hold,
    /// Going back failed itself: never a loop, a person must look.
    Stuck { origin: Cause },
}

/// The failure policy, as one table.
pub(in crate::run) fn policy(facts: &Facts, goal: &Goal) -> Policy {
    match goal {
        Goal::Start => Policy::Refuse,
        Goal::Forward(_) if facts.retired => Policy::Hold,
        Goal::Migrate | Goal::Forward(_) => Policy::Revert,
        Goal::Finish => Policy::Hold,
        Goal::Back(origin) => Policy::Stuck { origin: origin.clone() },
    }
}

/// The goal of a run that is given up; one that goes back already goes on with that.
pub(in crate::run) fn turned_back(goal: Goal, cause: Cause) -> Goal {
    match goal {
        Goal::Back(origin) => Goal::Back(origin),
        Goal::Start | Goal::Migrate | Goal::Forward(_) | Goal::Finish => Goal::Back(cause),
    }
}

/// The stage in which a goal is pursued.
pub(in crate::run) fn entry(facts: &Facts, goal: Goal) -> Stage {
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
