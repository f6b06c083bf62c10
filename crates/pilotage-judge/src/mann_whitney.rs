//! The Mann-Whitney judge: compares two series by ranks, with the verdicts of Kayenta.
//!
//! One look adds one point per track: a gauge's value or an interval's event rate. A candidate is
//! *high* when the lower end of the shift's 98 % interval lies above a quarter of the estimated
//! shift and the effect is at least the allowed increase; *low* is the mirror image. An effect
//! that cannot be computed, because a mean is zero, allows nothing and forbids nothing.
//!
//! Where this differs from Kayenta, on purpose:
//!
//! - Missing points are dropped, never replaced by zero, and too few points are never a pass.
//!   Kayenta asks for no minimum; its normal approximation raises 24 % false alarms at two points
//!   per track and 5 % at three.
//! - It is judged once, at the end, unless [`When::EachLook`] is chosen: repeated looks at a
//!   growing window raise false alarms, on series in which each point resembles its predecessor
//!   up to a quarter of all good candidates.
//! - Outliers are not removed. Kayenta's fences, at the first and the 99th percentile or beyond,
//!   never lie inside a series of fewer than 99 points.
//!
//! What it cannot see, as ranks cannot: a change of spread alone, and a jump, however high, in
//! too few of the points. It also forgets how many requests stand behind a point. Rates belong to
//! [`Sequential`](crate::Sequential).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::counts::as_float;
use crate::doubt::{Cause, Track};
use crate::exact;
use crate::finding::Finding;
use crate::rank::{Ranks, Shift, sorted};
use crate::reading::{Reading, Values};
use crate::rule::Opinion;

/// Kayenta's tolerance, relative to the estimated shift itself.
const TOLERATED_PART_OF_SHIFT: f64 = 0.25;

/// Which shift is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Higher values are worse.
    #[default]
    Increase,
    /// Lower values are worse.
    Decrease,
    /// Any shift is worse.
    Either,
}

/// How the size of an effect is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The candidate's mean divided by the stable one; 1 is no effect.
    #[default]
    MeanRatio,
    /// The probability that a candidate point exceeds a stable one; 0.5 is no effect.
    Superiority,
}

impl Effect {
    fn none(self) -> f64 {
        match self {
            Self::MeanRatio => 1.0,
            Self::Superiority => 0.5,
        }
    }
}

/// When the series are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Once, when the caller concludes: the error rate of one look.
    #[default]
    AtTheEnd,
    /// At each look, over all points of the step, as Kayenta does.
    EachLook,
}

/// The settings of a [`MannWhitney`] judge, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MannWhitneyOptions {
    /// Which shift is a failure.
    pub direction: Direction,
    /// How the size of an effect is measured.
    pub effect: Effect,
    /// The effect from which a high candidate fails; by default, from no effect on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_increase: Option<f64>,
    /// The effect down from which a low candidate fails; by default, from no effect on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_decrease: Option<f64>,
    /// The points that each track must have before any verdict.
    pub min_points_per_track: u32,
    /// The points per track that are kept; older ones are dropped.
    pub max_points_per_track: u32,
    /// When the series are judged.
    pub when: When,
}

impl Default for MannWhitneyOptions {
    fn default() -> Self {
        Self {
            direction: Direction::default(),
            effect: Effect::default(),
            allowed_increase: None,
            allowed_decrease: None,
            min_points_per_track: 5,
            max_points_per_track: 1_440,
            when: When::default(),
        }
    }
}

/// Compares two series by ranks.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "MannWhitneyOptions", into = "MannWhitneyOptions")]
pub struct MannWhitney(MannWhitneyOptions);

/// Settings with which ranks could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMannWhitney {
    /// The limits on points leave no room.
    #[error(
        "{min} to {max} points per track cannot be kept: give at least 1 as \
         `min_points_per_track`, and at least as many as `max_points_per_track`"
    )]
    Points {
        /// The fewest points for a verdict.
        min: u32,
        /// The most points that are kept.
        max: u32,
    },
    /// An allowed effect is not a number of 0 or more.
    #[error("an allowed effect of {0} cannot be compared: give a finite number of 0 or more")]
    Effect(f64),
}

impl TryFrom<MannWhitneyOptions> for MannWhitney {
    type Error = InvalidMannWhitney;

    fn try_from(options: MannWhitneyOptions) -> Result<Self, InvalidMannWhitney> {
        let (min, max) = (options.min_points_per_track, options.max_points_per_track);
        if min == 0 || min > max {
            return Err(InvalidMannWhitney::Points { min, max });
        }
        let effects = [options.allowed_increase, options.allowed_decrease];
        let odd = |effect: &f64| !(effect.is_finite() && *effect >= 0.0);
        match effects.into_iter().flatten().find(odd) {
            Some(effect) => Err(InvalidMannWhitney::Effect(effect)),
            None => Ok(Self(options)),
        }
    }
}

impl From<MannWhitney> for MannWhitneyOptions {
    fn from(method: MannWhitney) -> Self {
        method.0
    }
}

/// The points of both tracks, in the order in which they were seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeriesTally {
    #[serde(with = "exact::list")]
    stable: Vec<f64>,
    #[serde(with = "exact::list")]
    candidate: Vec<f64>,
}

impl MannWhitney {
    /// The verdict of Kayenta at each look, as a careful user runs it: not before there are ten
    /// points per track. Kayenta itself is content with one.
    pub fn like_kayenta() -> Self {
        Self(MannWhitneyOptions {
            min_points_per_track: 10,
            when: When::EachLook,
            ..MannWhitneyOptions::default()
        })
    }

    /// The checked settings.
    pub fn options(&self) -> &MannWhitneyOptions {
        &self.0
    }

    pub(crate) fn observe(&self, tally: &mut SeriesTally, reading: &Reading) -> Result<(), Cause> {
        let Values { stable, candidate } = reading.values();
        self.keep(&mut tally.stable, stable);
        self.keep(&mut tally.candidate, candidate);
        match (stable, candidate) {
            (_, None) => Err(reading.why_no_value(Track::Candidate)),
            (None, _) => Err(reading.why_no_value(Track::Stable)),
            _ => Ok(()),
        }
    }

    fn keep(&self, series: &mut Vec<f64>, value: Option<f64>) {
        if series.len() >= self.0.max_points_per_track as usize && value.is_some() {
            series.remove(0);
        }
        series.extend(value);
    }

    pub(crate) fn opinion(&self, tally: &SeriesTally, last: bool) -> Opinion {
        let wanted = self.0.min_points_per_track;
        let fewer = tally.stable.len().min(tally.candidate.len());
        let seen = u32::try_from(fewer).unwrap_or(u32::MAX);
        if seen < wanted {
            return Opinion::unsure(Cause::FewPoints { seen, wanted });
        }
        if self.0.when == When::AtTheEnd && !last {
            return Opinion::unsure(Cause::JudgedAtTheEnd);
        }
        self.compare(&sorted(&tally.stable), &sorted(&tally.candidate))
    }

    fn compare(&self, stable: &[f64], candidate: &[f64]) -> Opinion {
        if stable == candidate {
            return Opinion::Sound;
        }
        let Some(ranks) = Ranks::new(candidate, stable) else {
            return Opinion::unsure(Cause::Unclear);
        };
        let shift = ranks.shift();
        let bound = TOLERATED_PART_OF_SHIFT * libm::fabs(shift.estimate);
        let effect = match self.0.effect {
            Effect::MeanRatio => mean_ratio(candidate, stable),
            Effect::Superiority => Some(ranks.superiority()),
        };
        if self.is_high(shift, bound, effect) || self.is_low(shift, bound, effect) {
            return Opinion::Worse(Finding::Shift { low: shift.low, high: shift.high, bound });
        }
        Opinion::Sound
    }

    fn is_high(&self, shift: Shift, bound: f64, effect: Option<f64>) -> bool {
        let allowed = self.0.allowed_increase.unwrap_or(self.0.effect.none());
        self.0.direction != Direction::Decrease
            && shift.low > bound
            && effect.is_none_or(|effect| effect >= allowed)
    }

    fn is_low(&self, shift: Shift, bound: f64, effect: Option<f64>) -> bool {
        let allowed = self.0.allowed_decrease.unwrap_or(self.0.effect.none());
        self.0.direction != Direction::Increase
            && shift.high < -bound
            && effect.is_none_or(|effect| effect <= allowed)
    }
}

/// The ratio of the means, unless one of them is zero.
fn mean_ratio(candidate: &[f64], stable: &[f64]) -> Option<f64> {
    let (candidate, stable) = (mean(candidate), mean(stable));
    (candidate != 0.0 && stable != 0.0).then(|| candidate / stable)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / as_float(values.len() as u64)
}
