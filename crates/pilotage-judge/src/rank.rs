//! The Mann-Whitney interval: by how much one series is shifted against another, by ranks.
//!
//! For a shift `μ` the candidate's values `x − μ` are ranked among the stable values `y`, ties by
//! their mean rank. With `d` the rank sum of `x − μ` minus its expectation,
//!
//! ```text
//! z(μ) = (d − 0.5·sgn d) / σ,   σ² = nm/12 · ((n+m+1) − Σ(t³−t) / ((n+m)(n+m−1)))
//! ```
//!
//! with `t` the sizes of the ties. `z` falls in steps from `min x − max y` to `max x − min y`. The
//! 98 % interval of the shift reaches from where `z` crosses +2.326 to where it crosses −2.326; if
//! it starts below or ends above, the bracket's end is the answer. The estimate is the middle of
//! where `z` is zero (the Hodges-Lehmann estimate). This is the normal approximation with
//! continuity correction of R's `wilcox.test`, as Kayenta ported it. Both search the steps with
//! Brent's method to 1e-4, which is coarse for error rates; here the step itself is found.

use alloc::vec::Vec;

use crate::counts::as_float;

/// The 99th percentile of the normal distribution: both ends together leave out 2 %.
const Z_98_PERCENT: f64 = 2.326_347_874_040_840_8;

/// Halvings that exhaust the digits of any bracket; a limit, rarely the end of the search.
const MOST_HALVINGS: u32 = 200;

/// The shift of the candidate's values against the stable version's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shift {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) estimate: f64,
}

/// Two sorted, non-empty series of finite values.
#[derive(Debug)]
pub(crate) struct Ranks<'a> {
    candidate: &'a [f64],
    stable: &'a [f64],
    widest: (f64, f64),
}

impl<'a> Ranks<'a> {
    /// None if one of the series, which must be sorted, is empty, or if they lie further apart
    /// than a float can say.
    pub(crate) fn new(candidate: &'a [f64], stable: &'a [f64]) -> Option<Self> {
        let (first_x, last_x) = candidate.first().zip(candidate.last())?;
        let (first_y, last_y) = stable.first().zip(stable.last())?;
        let widest = (first_x - last_y, last_x - first_y);
        (widest.0.is_finite() && widest.1.is_finite()).then_some(Self { candidate, stable, widest })
    }

    /// The shift with its 98 % interval.
    pub(crate) fn shift(&self) -> Shift {
        let (low, high) = self.widest;
        if low >= high {
            // Both series are constant. Kayenta adds noise of 1e-5 here to get the same answer.
            return Shift { low, high, estimate: low };
        }
        let above_zero = self.crossing(|z| z > 0.0);
        let not_below_zero = self.crossing(|z| z >= 0.0);
        Shift {
            low: self.crossing(|z| z > Z_98_PERCENT),
            high: self.crossing(|z| z >= -Z_98_PERCENT),
            estimate: f64::midpoint(above_zero, not_below_zero),
        }
    }

    /// The probability that a candidate value exceeds a stable one, ties counting half.
    pub(crate) fn superiority(&self) -> f64 {
        self.compare(0.0).deviation / self.pairs() + 0.5
    }

    /// Where `z` stops to satisfy a condition that holds left of there.
    fn crossing(&self, holds: impl Fn(f64) -> bool) -> f64 {
        let (mut left, mut right) = self.widest;
        if !holds(self.z(left)) {
            return left;
        }
        if holds(self.z(right)) {
            return right;
        }
        for _ in 0..MOST_HALVINGS {
            let middle = f64::midpoint(left, right);
            if right - left <= 1e-12 * libm::fabs(middle) || middle <= left || middle >= right {
                break;
            }
            if holds(self.z(middle)) { left = middle } else { right = middle }
        }
        f64::midpoint(left, right)
    }

    fn z(&self, shift: f64) -> f64 {
        let Comparison { deviation, ties } = self.compare(shift);
        let size = as_float((self.candidate.len() + self.stable.len()) as u64);
        let variance = self.pairs() / 12.0 * ((size + 1.0) - ties / (size * (size - 1.0)));
        let correction = if deviation == 0.0 { 0.0 } else { libm::copysign(0.5, deviation) };
        let z = (deviation - correction) / libm::sqrt(variance);
        if z.is_finite() { z } else { 0.0 }
    }

    fn pairs(&self) -> f64 {
        as_float(self.candidate.len() as u64) * as_float(self.stable.len() as u64)
    }

    /// Merges both series in order, the candidate's shifted.
    fn compare(&self, shift: f64) -> Comparison {
        let mut shifted = self.candidate.iter().map(|value| value - shift).peekable();
        let mut stable = self.stable.iter().copied().peekable();
        let (mut wins, mut stable_below, mut ties) = (0.0, 0.0, 0.0);
        while let Some(value) = lower(shifted.peek(), stable.peek()) {
            let on_candidate = take_equal(&mut shifted, value);
            let on_stable = take_equal(&mut stable, value);
            let size = on_candidate + on_stable;
            wins += on_candidate * (stable_below + on_stable / 2.0);
            stable_below += on_stable;
            ties += size * size * size - size;
        }
        Comparison { deviation: wins - self.pairs() / 2.0, ties }
    }
}

/// What ranking both series together shows.
struct Comparison {
    /// The rank sum of the candidate's values minus its expectation.
    deviation: f64,
    /// The sum of `t³ − t` over the sizes `t` of the ties.
    ties: f64,
}

fn lower(left: Option<&f64>, right: Option<&f64>) -> Option<f64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(*right)),
        (one, other) => one.or(other).copied(),
    }
}

#[expect(clippy::float_cmp, reason = "a tie is an equal value, not a near one")]
fn take_equal(series: &mut core::iter::Peekable<impl Iterator<Item = f64>>, value: f64) -> f64 {
    let mut taken = 0.0;
    while series.next_if(|next| *next == value).is_some() {
        taken += 1.0;
    }
    taken
}

/// Sorted copies, the form in which series are compared.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values
}
