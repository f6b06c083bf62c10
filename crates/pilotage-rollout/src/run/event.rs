//! What can happen to a run.

use alloc::string::String;
use alloc::vec::Vec;

use pilotage_judge::Reading;
use serde::{Deserialize, Serialize};

use crate::target::{Fence, Observation, Outcome, ReadFailure, Schema};

/// The answer to the effect that was asked for, or something that came from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// An order was carried out, or was not, or nobody knows.
    Acted(Outcome),
    /// The target was read.
    Observed(Result<Observation, ReadFailure>),
    /// The state of the migrations was read.
    Inspected(Result<Schema, ReadFailure>),
    /// The smoke check ended.
    Probed(Result<(), String>),
    /// The metrics were read, one reading a rule of the panel.
    Measured(Vec<Reading>),
    /// A person was asked.
    Answered(Answer),
    /// The wait is over.
    Woke,
    /// A person gives the run up.
    Aborted {
        /// Who.
        by: String,
    },
    /// The process was told to stop.
    Interrupted,
    /// The lease was lost.
    LeaseLost {
        /// To whom, as far as is known.
        reason: String,
    },
    /// Another process goes on with the run, under a higher fence.
    Resumed {
        /// Its fence.
        fence: Fence,
        /// Whether an order was under way when the last process ended.
        dangling: bool,
    },
}

/// A person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Go on.
    Approved {
        /// Who said so.
        by: String,
    },
    /// Go back.
    Declined {
        /// Who said so, and why.
        reason: String,
    },
    /// Nobody has decided yet.
    Pending,
}
