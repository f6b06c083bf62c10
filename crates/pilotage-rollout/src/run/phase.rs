//! Where a run stands. Each variant carries exactly the data that is valid in it.

use alloc::string::String;

use crate::target::Fence;
use crate::{Cause, Moment, Verdict};

use super::stage::Stage;

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// It is doing something. Left by its own progress, a failure or an interruption.
    Working(Work),
    /// It stands still in a safe state. Left only by [`Event::Resumed`](super::Event::Resumed).
    Parked(Parked),
    /// It is over. Never left.
    Ended(Verdict),
}

/// A stage and the pace at which it is pursued.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// What is being done.
    pub stage: Stage,
    /// Since when and how often it was tried.
    pub pace: Pace,
}

impl Work {
    pub(super) const fn enter(stage: Stage, now: Moment) -> Self {
        Self { stage, pace: Pace { since: now, tries: 0, sent_at: None } }
    }
}

/// How often a stage wrote, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// When the stage was entered.
    pub since: Moment,
    /// How many writes were sent.
    pub tries: u8,
    /// When the last write was sent that may still show.
    pub sent_at: Option<Moment>,
}

/// Why a run stands still, and what it goes on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Why.
    pub why: Why,
    /// What it goes on with when it is resumed.
    pub goal: Goal,
}

/// Why a run stands still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The process was told to stop.
    Interrupted,
    /// A newer owner was seen at the target, or the lease was lost.
    Superseded {
        /// What is known of the owner.
        reason: String,
    },
    /// A gate waits for a person's word.
    Person {
        /// What the person is asked.
        question: String,
    },
    /// Somebody changed the target meanwhile; nothing is overwritten by guesswork.
    Drift {
        /// What was found.
        reason: String,
    },
    /// The target could not be read, or a claim did not show.
    Unreadable {
        /// What was seen instead.
        reason: String,
    },
    /// The candidate may be the only healthy copy; it is held as it is.
    Held {
        /// What failed.
        cause: Cause,
    },
    /// Going back failed.
    Stuck {
        /// What the run went back for.
        cause: Cause,
        /// What stopped it.
        reason: String,
    },
}

impl Why {
    /// The verdict that a process ends with when it leaves the run like this.
    pub(super) fn verdict(&self) -> Verdict {
        match self.clone() {
            Self::Interrupted => Verdict::Interrupted,
            Self::Superseded { reason } => Verdict::Busy { reason },
            Self::Person { question } => Verdict::Paused { reason: question },
            Self::Drift { reason } => Verdict::Paused { reason },
            Self::Unreadable { reason } => Verdict::Unknown { reason },
            Self::Held { cause } | Self::Stuck { cause, .. } => Verdict::NotReverted { cause },
        }
    }

    pub(super) fn newer_owner(fence: Fence) -> Self {
        Self::Superseded { reason: alloc::format!("the target was claimed under fence {fence}") }
    }
}

/// What a run goes on with after it was claimed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// From the beginning: nothing was written but the claim.
    Start,
    /// With the migrations.
    Migrate,
    /// With this step; its capacity and health are proven again first.
    Forward(Position),
    /// With the assertion that the new release is what runs.
    Finish,
    /// Back to the old release. A run that goes back never goes forward again.
    Back(Cause),
}

/// A place on the ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    /// Which step, counted from zero.
    pub step: usize,
    /// How many of its gates were passed.
    pub gate: usize,
}

impl Position {
    pub(super) const fn next_step(self) -> Self {
        Self { step: self.step + 1, gate: 0 }
    }

    pub(super) const fn first_gate(self) -> Self {
        Self { gate: 0, ..self }
    }

    pub(super) const fn next_gate(self) -> Self {
        Self { gate: self.gate + 1, ..self }
    }
}
