//! What a run looks like: the one model that every output is a view of.
//!
//! A timeline is a pure fold of the records of a journal. Each record is first given to the run
//! itself, by the very function that the live run uses, so what a view shows is what the run did
//! and a journal that no run could have written is found out.
//!
//! Guarantees: all text in it is free of control characters and bounded in length; its own size
//! grows with the journal and nothing else. It does not escape anything for a particular output.

mod chapter;
mod error;
mod failing;
mod fold;
mod invocation;
mod limit;
mod line;
mod look;
mod order;
mod sample;
mod stay;
mod words;

use std::sync::Arc;

use pilotage_rollout::{Moment, Plan, Run, Span, Verdict};

pub use chapter::Chapter;
pub use error::Unfit;
pub use failing::FailingUnit;
pub use invocation::Invocation;
pub use line::{Kind, Line, Tone};
pub use look::{Look, Seen};
pub use order::{Answer, GivenOrder};
pub use sample::{Sample, Side};
pub use stay::{Ending, Stay};

/// A run as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    run: String,
    target: String,
    opened: Moment,
    state: Run,
    stays: Vec<Stay>,
    orders: Vec<GivenOrder>,
    samples: Vec<Sample>,
    looks: Vec<Look>,
    failing: Vec<FailingUnit>,
    lines: Vec<Line>,
}

impl Timeline {
    /// The name of the run, cleaned.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// The name of the target, cleaned.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What the run executes.
    pub fn plan(&self) -> &Arc<Plan> {
        self.state.plan()
    }

    /// When the run was opened.
    pub const fn opened(&self) -> Moment {
        self.opened
    }

    /// The time of the last record.
    pub fn now(&self) -> Moment {
        self.lines.last().map_or(self.opened, |line| line.at)
    }

    /// How long the run has taken so far, pauses included.
    pub fn elapsed(&self) -> Span {
        self.now().since(self.opened)
    }

    /// The run after the last record.
    pub const fn state(&self) -> &Run {
        &self.state
    }

    /// What was done one after the other, oldest first.
    pub fn stays(&self) -> &[Stay] {
        &self.stays
    }

    /// What is being done, unless the run is over.
    pub fn current(&self) -> Option<&Stay> {
        self.stays.last().filter(|stay| stay.to.is_none())
    }

    /// What the target was asked for, oldest first.
    pub fn orders(&self) -> &[GivenOrder] {
        &self.orders
    }

    /// What was seen of both tracks, oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// What the judge saw and said, oldest first.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// The units that did not become ready, in their own words.
    pub fn failing(&self) -> &[FailingUnit] {
        &self.failing
    }

    /// The last words of each of them, for where there is room for little.
    pub fn last_words(&self) -> Vec<&FailingUnit> {
        failing::last_words(&self.failing)
    }

    /// One line a record.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How the run ended or stands still.
    pub fn verdict(&self) -> Option<Verdict> {
        self.state.verdict()
    }
}

/// A verdict in words that are clean and bounded.
pub fn in_words(verdict: &Verdict) -> String {
    crate::text::one_line(&verdict.to_string(), LONGEST_TEXT)
}

/// The longest name that is shown, in bytes.
const LONGEST_NAME: usize = 200;

/// The longest text on one line, in bytes.
const LONGEST_TEXT: usize = 4_000;
