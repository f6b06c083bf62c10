//! The records of a journal.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::run::Event;
use crate::target::{Fence, Order};
use crate::{Moment, Plan};

/// The version of the records; an older binary refuses a newer journal.
pub const SCHEMA: u32 = 1;

/// The name of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub String);

impl Display for RunId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that is written down, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The time of the run's clock.
    pub at: Moment,
    /// What.
    pub entry: Entry,
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// The first record: what will be done and under which ownership.
    Opened {
        /// The version of the records that follow.
        schema: u32,
        /// The run.
        run: RunId,
        /// What it executes.
        plan: Arc<Plan>,
        /// Under which ownership it begins.
        fence: Fence,
    },
    /// An order is about to be carried out. Written before the target hears of it.
    Intent(Order),
    /// An event reached the run. Written before the run acts upon it.
    Happened(Event),
}
