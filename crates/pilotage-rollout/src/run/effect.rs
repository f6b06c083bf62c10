//! What a run wants next; there is always exactly one thing.

use alloc::string::String;
use alloc::vec::Vec;

use pilotage_judge::MetricName;
use serde::{Deserialize, Serialize};

use crate::Moment;
use crate::gate::Smoke;
use crate::target::Order;

/// The one thing that the driver does next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Carry out this order: journal the intent first.
    Act(Order),
    /// Read the target.
    Observe,
    /// Read the state of the migrations.
    Inspect,
    /// Run this smoke check.
    Probe(Smoke),
    /// Read these metrics of this window, and answer with one reading for each, in this order.
    Measure {
        /// Which.
        metrics: Vec<MetricName>,
        /// Its beginning.
        from: Moment,
        /// Its end.
        to: Moment,
    },
    /// Ask a person.
    Ask {
        /// What.
        question: String,
    },
    /// Do nothing until then.
    Wait {
        /// When to wake up.
        until: Moment,
    },
    /// Nothing: the run has a verdict.
    Finish,
}

impl Effect {
    /// Whether it costs the target or its metrics a call.
    pub(super) const fn is_call(&self) -> bool {
        !matches!(self, Self::Wait { .. } | Self::Ask { .. } | Self::Finish)
    }
}
