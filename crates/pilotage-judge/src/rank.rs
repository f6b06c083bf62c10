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
//! it starts below or ends above, the bracket's end is the answer. The estimate is where `d` is
//! zero, in the middle if it is so on a whole stretch: the median of all pairs' differences, which
//! is the Hodges-Lehmann estimate. This is the normal approximation with
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
        let above_zero = self.crossing(|shift| self.compare(shift).deviation > 0.0);
        let not_below_zero = self.crossing(|shift| self.compare(shift).deviation >= 0.0);
        Shift {
            low: self.crossing(|shift| self.z(shift) > Z_98_PERCENT),
            high: self.crossing(|shift| self.z(shift) >= -Z_98_PERCENT),
            estimate: f64::midpoint(above_zero, not_below_zero),
        }
    }

    /// The probability that a candidate value exceeds a stable one, ties counting half.
    pub(crate) fn superiority(&self) -> f64 {
        self.compare(0.0).deviation / self.pairs() + 0.5
    }

    /// The shift where a condition that holds left of there ceases to.
    fn crossing(&self, holds: impl Fn(f64) -> bool) -> f64 {
        let (mut left, mut right) = self.widest;
        if !holds(left) {
            return left;
        }
        if holds(right) {
            return right;
        }
        for _ in 0..MOST_HALVINGS {
            let middle = f64::midpoint(left, right);
            if right - left <= 1e-12 * libm::fabs(middle) || middle <= left || middle >= right {
                break;
            }
            if holds(middle) { left = middle } else { right = middle }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shift_of(candidate: &[f64], stable: &[f64]) -> Shift {
        Ranks::new(&sorted(candidate), &sorted(stable)).unwrap().shift()
    }

    fn assert_close(left: f64, right: f64, tolerance: f64) {
        assert!((left - right).abs() <= tolerance, "{left} is not {right}");
    }

    /// A case and what R 4.2.2 answers:
    ///
    /// ```text
    /// r <- wilcox.test(x, y, conf.int=TRUE, conf.level=.98, exact=FALSE, correct=TRUE)
    /// r$conf.int; r$estimate; r$statistic; median(outer(x, y, "-"))
    /// ```
    struct Reference {
        x: &'static [f64],
        y: &'static [f64],
        interval: (f64, f64),
        median_difference: f64,
        statistic: f64,
    }

    /// R's estimates are 1.999956, 2.857660, 0.999960, 1.799964, 0.05 and 0.575: where `d` is zero on a
    /// whole stretch, R's search stops somewhere on it, ours at its middle.
    const REFERENCES: [Reference; 6] = [
        // Without the correction for ties the interval would begin at 0.
        Reference {
            x: &[2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 3.0],
            y: &[0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0],
            interval: (0.999_961_899_5, 2.999_941_283),
            median_difference: 2.0,
            statistic: 46.0,
        },
        Reference {
            x: &[12.1, 13.4, 11.8, 15.2, 14.1, 13.9, 12.7, 16.0],
            y: &[10.2, 11.1, 9.8, 10.9, 12.0, 11.5, 10.4, 9.9],
            interval: (1.200_059_379, 4.800_003_903),
            median_difference: 2.85,
            statistic: 63.0,
        },
        Reference {
            x: &[1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0, 5.0],
            y: &[1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 4.0],
            interval: (-1.000_031_821, 2.999_988_601),
            median_difference: 1.0,
            statistic: 42.0,
        },
        Reference {
            x: &[3.2, 4.1, 5.5, 2.9, 6.1],
            y: &[1.1, 2.5, 3.3, 4.8, 0.7, 2.2, 3.9, 1.6, 2.8],
            interval: (-0.699_952_529, 4.399_977_257),
            median_difference: 1.8,
            statistic: 38.0,
        },
        Reference {
            x: &[5.1, 4.9, 5.0, 5.2, 4.8, 5.3],
            y: &[5.05, 4.95, 5.15, 4.85, 5.25, 4.75],
            interval: (-0.349_972_115_5, 0.449_972_115_5),
            median_difference: 0.05,
            statistic: 21.0,
        },
        Reference {
            x: &[1.8, 1.35, 2.1, 1.65, 1.5, 1.95, 1.2, 2.25, 1.8, 1.65],
            y: &[1.2, 0.9, 1.4, 1.1, 1.0, 1.3, 0.8, 1.5, 1.2, 1.1],
            interval: (0.249_965_002_8, 0.900_034_997_2),
            median_difference: 0.575,
            statistic: 93.5,
        },
    ];

    #[test]
    fn agrees_with_r_to_the_tolerance_of_its_search() {
        for case in &REFERENCES {
            let shift = shift_of(case.x, case.y);
            assert_close(shift.low, case.interval.0, 1e-4);
            assert_close(shift.high, case.interval.1, 1e-4);
            assert_close(shift.estimate, case.median_difference, 1e-9);
        }
    }

    #[test]
    fn superiority_is_the_statistic_per_pair() {
        for case in &REFERENCES {
            let (x, y) = (sorted(case.x), sorted(case.y));
            let pairs = as_float((x.len() * y.len()) as u64);
            let superiority = Ranks::new(&x, &y).unwrap().superiority();
            assert_close(superiority, case.statistic / pairs, 1e-12);
        }
    }

    /// R: `wilcox.test(c(10,12,14), c(1,2,3), ...)` gives 7 to 13, the ends of the bracket, since
    /// three points cannot reach the 1 % tail of the normal approximation.
    #[test]
    fn too_few_points_fall_back_to_the_bracket() {
        let shift = shift_of(&[10.0, 12.0, 14.0], &[1.0, 2.0, 3.0]);
        assert_eq!((shift.low, shift.high), (7.0, 13.0));
        assert_close(shift.estimate, 10.0, 1e-9);
    }

    #[test]
    fn constants_differ_by_their_difference() {
        let shift = shift_of(&[3.0; 6], &[2.0; 6]);
        assert_eq!(shift, Shift { low: 1.0, high: 1.0, estimate: 1.0 });
    }

    #[test]
    fn series_that_are_too_far_apart_for_a_float_are_refused() {
        assert!(Ranks::new(&[f64::MAX], &[-f64::MAX]).is_none());
        assert!(Ranks::new(&[], &[1.0]).is_none());
    }

    #[test]
    fn the_search_ends_for_extreme_values() {
        let values = [-1e308, -1e-308, 0.0, 1e-308, 4e307];
        let shift = shift_of(&values, &[0.0, 5e-324, 1.0, 2.0, 3.0]);
        assert!(shift.low <= shift.estimate && shift.estimate <= shift.high, "{shift:?}");
    }
}
