//! The threshold judge: the candidate's value has to stay within bounds.
//!
//! It fails when `breaches` of the last `of_looks` usable looks were out of bounds, and passes
//! when at least `of_looks` usable looks were taken in this step and fewer breached. Missing looks
//! enter neither side. It has no error rate to promise: bounds without a baseline follow the time
//! of day, and on little traffic one error of three requests is 33 %.

use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::doubt::{Cause, Track};
use crate::finding::Finding;
use crate::reading::{Reading, Values};
use crate::rule::Opinion;

/// The looks that one word can remember.
const MOST_LOOKS: u32 = 64;

/// What the bounds are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// The candidate's value itself, or its event rate.
    #[default]
    Absolute,
    /// The candidate's value divided by the stable version's.
    RelativeToStable,
}

impl Display for Scale {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "",
            Self::RelativeToStable => " times the stable version's",
        })
    }
}

/// The settings of a [`Threshold`] judge, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThresholdOptions {
    /// The smallest value that is within bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The largest value that is within bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What the bounds are measured in.
    pub scale: Scale,
    /// How many looks out of bounds fail the candidate.
    pub breaches: u32,
    /// Among how many of the latest usable looks; at most 64.
    pub of_looks: u32,
}

impl Default for ThresholdOptions {
    fn default() -> Self {
        Self { min: None, max: None, scale: Scale::Absolute, breaches: 3, of_looks: 5 }
    }
}

/// Holds the candidate's value between bounds. There is no default: somebody must know the bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ThresholdOptions", into = "ThresholdOptions")]
pub struct Threshold(ThresholdOptions);

/// Settings with which a threshold would never, or always, fail.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidThreshold {
    /// Nothing would ever be out of bounds, or everything.
    #[error("a threshold needs a finite `min` or `max`, and `min` may not be above `max`")]
    Bounds,
    /// The number of breaches cannot occur.
    #[error(
        "{breaches} breaches of {of_looks} looks can never be counted: give 1 or more breaches, \
         and at least as many looks, up to {MOST_LOOKS}"
    )]
    Looks {
        /// The breaches that would fail.
        breaches: u32,
        /// The looks among which they are counted.
        of_looks: u32,
    },
}

impl TryFrom<ThresholdOptions> for Threshold {
    type Error = InvalidThreshold;

    fn try_from(options: ThresholdOptions) -> Result<Self, InvalidThreshold> {
        let ThresholdOptions { min, max, breaches, of_looks, .. } = options;
        let finite = [min, max].into_iter().flatten().all(f64::is_finite);
        let some = min.is_some() || max.is_some();
        let ordered = min.zip(max).is_none_or(|(min, max)| min <= max);
        if !(finite && some && ordered) {
            return Err(InvalidThreshold::Bounds);
        }
        if breaches == 0 || breaches > of_looks || of_looks > MOST_LOOKS {
            return Err(InvalidThreshold::Looks { breaches, of_looks });
        }
        Ok(Self(options))
    }
}

impl From<Threshold> for ThresholdOptions {
    fn from(method: Threshold) -> Self {
        method.0
    }
}

/// What the threshold judge has learned.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThresholdTally {
    /// One bit per usable look, the latest lowest; set where it was out of bounds.
    breached: u64,
    step_looks: u32,
    /// The latest value out of bounds, and the bound that it broke.
    latest: Option<Breach>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Breach {
    #[serde(with = "crate::exact")]
    value: f64,
    #[serde(with = "crate::exact")]
    bound: f64,
}

impl ThresholdTally {
    pub(crate) fn forget_what_spoke_for_the_candidate(&mut self) {
        self.step_looks = 0;
    }
}

impl Threshold {
    /// The checked settings.
    pub fn options(&self) -> &ThresholdOptions {
        &self.0
    }

    pub(crate) fn observe(
        &self,
        tally: &mut ThresholdTally,
        reading: &Reading,
    ) -> Result<(), Cause> {
        let value = self.value(reading)?;
        let breach = self.broken_bound(value).map(|bound| Breach { value, bound });
        tally.breached = (tally.breached << 1) | u64::from(breach.is_some());
        tally.step_looks = tally.step_looks.saturating_add(1);
        tally.latest = breach.or(tally.latest);
        Ok(())
    }

    pub(crate) fn opinion(&self, tally: &ThresholdTally) -> Opinion {
        let ThresholdOptions { scale, breaches, of_looks, .. } = self.0;
        let remembered = tally.breached & (u64::MAX >> (MOST_LOOKS - of_looks));
        let counted = remembered.count_ones();
        match tally.latest {
            Some(Breach { value, bound }) if counted >= breaches => {
                Opinion::Worse(Finding::OutOfBounds {
                    value,
                    bound,
                    scale,
                    breaches: counted,
                    of_looks,
                })
            }
            _ if tally.step_looks < of_looks => {
                Opinion::unsure(Cause::FewLooks { seen: tally.step_looks, wanted: of_looks })
            }
            _ => Opinion::Sound,
        }
    }

    /// The value that the bounds apply to.
    fn value(&self, reading: &Reading) -> Result<f64, Cause> {
        let Values { stable, candidate } = reading.values();
        let candidate = candidate.ok_or_else(|| reading.why_no_value(Track::Candidate))?;
        if self.0.scale == Scale::Absolute {
            return Ok(candidate);
        }
        let stable = stable.ok_or_else(|| reading.why_no_value(Track::Stable))?;
        let ratio = candidate / stable;
        if ratio.is_finite() { Ok(ratio) } else { Err(Cause::ZeroBaseline) }
    }

    fn broken_bound(&self, value: f64) -> Option<f64> {
        let under = self.0.min.filter(|min| value < *min);
        under.or_else(|| self.0.max.filter(|max| value > *max))
    }
}
