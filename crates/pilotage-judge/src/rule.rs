//! A rule: which metric, judged by which method, and how much it matters.

use core::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::doubt::Cause;
use crate::evidence::Tally;
use crate::finding::Finding;
use crate::mann_whitney::{MannWhitney, SeriesTally};
use crate::metric::MetricName;
use crate::reading::Reading;
use crate::sequential::{Sequential, SequentialTally};
use crate::threshold::{Scale, Threshold, ThresholdTally};

/// One metric and how it is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The metric that the readings at this rule's place are of.
    pub metric: MetricName,
    /// How it is judged.
    #[serde(default)]
    pub method: Method,
    /// What a failure of this rule means for the panel.
    #[serde(default)]
    pub importance: Importance,
}

impl Rule {
    /// A critical rule.
    pub fn new(metric: MetricName, method: Method) -> Self {
        Self { metric, method, importance: Importance::Critical }
    }
}

/// How a metric is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Method {
    /// Compares event rates, valid at any number of looks. For ratios.
    Sequential(Sequential),
    /// Compares two series by ranks, as Kayenta does. For gauges, and for rates per interval.
    MannWhitney(MannWhitney),
    /// Holds the candidate's value between bounds.
    Threshold(Threshold),
}

impl Method {
    /// Whether the method looks at the stable version at all.
    pub(crate) fn compares(&self) -> bool {
        match self {
            Self::Sequential(_) | Self::MannWhitney(_) => true,
            Self::Threshold(threshold) => threshold.options().scale == Scale::RelativeToStable,
        }
    }
}

impl Default for Method {
    fn default() -> Self {
        Self::Sequential(Sequential::default())
    }
}

/// What a failing rule means for the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Importance {
    /// A failure of this rule fails the panel, and without its pass the panel does not pass.
    #[default]
    Critical,
    /// The rule adds its weight to the panel's score; see [`Marks`](crate::Marks).
    Weight(NonZeroU32),
}

/// What one rule makes of what it has seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Opinion {
    Sound,
    Worse(Finding),
    Unsure { needed: Option<u64>, cause: Cause },
}

impl Opinion {
    pub(crate) fn unsure(cause: Cause) -> Self {
        Self::Unsure { needed: None, cause }
    }
}

impl Method {
    /// Whether the method can read this kind of reading at all.
    pub(crate) fn reads(&self, reading: &Reading) -> bool {
        !matches!((self, reading), (Self::Sequential(_), Reading::Gauge { .. }))
    }

    /// Adds a reading; an error is why it could not be used, although it may have been.
    pub(crate) fn observe(&self, tally: &mut Tally, reading: &Reading) -> Result<(), Cause> {
        match (self, tally) {
            (Self::Sequential(method), Tally::Sequential(tally)) => method.observe(tally, reading),
            (Self::MannWhitney(method), Tally::MannWhitney(tally)) => {
                method.observe(tally, reading)
            }
            (Self::Threshold(method), Tally::Threshold(tally)) => method.observe(tally, reading),
            _ => Err(Cause::Foreign),
        }
    }

    /// What the method makes of the tally, at a look on the way or at the end.
    pub(crate) fn opinion(&self, tally: &Tally, abort_height: f64, last: bool) -> Opinion {
        match (self, tally) {
            (Self::Sequential(method), Tally::Sequential(tally)) => {
                method.opinion(tally, abort_height)
            }
            (Self::MannWhitney(method), Tally::MannWhitney(tally)) => method.opinion(tally, last),
            (Self::Threshold(method), Tally::Threshold(tally)) => method.opinion(tally),
            _ => Opinion::unsure(Cause::Foreign),
        }
    }

    /// Whether a tally is one of this method.
    pub(crate) fn owns(&self, tally: &Tally) -> bool {
        matches!(
            (self, tally),
            (Self::Sequential(_), Tally::Sequential(_))
                | (Self::MannWhitney(_), Tally::MannWhitney(_))
                | (Self::Threshold(_), Tally::Threshold(_))
        )
    }

    /// The tally of a rule that has seen nothing.
    pub(crate) fn begin(&self) -> Tally {
        match self {
            Self::Sequential(_) => Tally::Sequential(SequentialTally::default()),
            Self::MannWhitney(_) => Tally::MannWhitney(SeriesTally::default()),
            Self::Threshold(_) => Tally::Threshold(ThresholdTally::default()),
        }
    }
}
