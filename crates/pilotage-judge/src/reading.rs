//! What one metric showed in one interval.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::doubt::{Cause, Track};
use crate::exact;

/// What one metric showed since the previous look: an increment, never a running total.
///
/// Gauges are written as text, so that every value, a non-finite one included, is read back to
/// the same bits whatever the format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reading {
    /// Events among a total on both tracks, such as errors among requests. More events are worse.
    Ratio {
        /// What the stable version showed.
        stable: Counts,
        /// What the candidate showed.
        candidate: Counts,
    },
    /// One value per track. A value that is not finite is a missing one.
    Gauge {
        /// What the stable version showed.
        #[serde(with = "exact")]
        stable: f64,
        /// What the candidate showed.
        #[serde(with = "exact")]
        candidate: f64,
    },
    /// The metric could not be read in this interval.
    Missing {
        /// Why, in the words of whoever tried.
        reason: String,
    },
}

/// The values of a reading per track, where it has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Values {
    pub(crate) stable: Option<f64>,
    pub(crate) candidate: Option<f64>,
}

impl Reading {
    /// What to say when a track that needs a value has none.
    pub(crate) fn why_no_value(&self, track: Track) -> Cause {
        match self {
            Self::Ratio { .. } => Cause::NoTraffic(track),
            Self::Gauge { .. } => Cause::NoValue(track),
            Self::Missing { reason } => Cause::Missing { reason: reason.clone() },
        }
    }

    /// One value per track: a ratio's rate, a gauge's value; none where nothing usable was read.
    pub(crate) fn values(&self) -> Values {
        match self {
            Self::Ratio { stable, candidate } => {
                Values { stable: stable.rate(), candidate: candidate.rate() }
            }
            Self::Gauge { stable, candidate } => {
                Values { stable: finite(*stable), candidate: finite(*candidate) }
            }
            Self::Missing { .. } => Values { stable: None, candidate: None },
        }
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
