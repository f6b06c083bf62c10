//! E-processes: evidence against a hypothesis that may be looked at after every observation.
//!
//! # The comparison of two rates
//!
//! In interval *k* the stable version shows `e_b` events of `n_b`, the candidate `e_c` of `n_c`.
//! If the candidate's rate is `θ` times the stable one's, an event fell on the candidate with
//! probability `p(θ) = θ·n_c / (θ·n_c + n_b)`. Against the hypothesis `θ₀` an alternative `θ₁`
//! gains in each interval the likelihood ratio
//!
//! ```text
//! [p(θ₁)/p(θ₀)]^e_c · [(1−p(θ₁))/(1−p(θ₀))]^e_b
//! ```
//!
//! whose logarithm, with `d = ln((θ₀·n_c + n_b) / (θ₁·n_c + n_b))`, is
//! `e_c·ln(θ₁/θ₀) + (e_c + e_b)·d`: one logarithm per alternative and interval.
//!
//! The evidence is the mean of the running products over the alternatives `θ₀·h` (or `θ₀/h` for
//! the mirror), `h ∈ {1.25, 1.5, 2, 3, 5, 8}`, so that the size of the effect need not be known.
//!
//! # Why it may be looked at at any time
//!
//! Let the tracks draw independently with rates `r` and `θr`; write `a` and `b` for the two ratios
//! above. The expected gain of an interval is `(1 + θr(a−1))^n_c · (1 + r(b−1))^n_b`, at most
//! `exp(r·[θ·n_c·(a−1) + n_b·(b−1)])`. At `θ = θ₀` the bracket is
//! `(θ₀·n_c + n_b)·[p₀(a−1) + (1−p₀)(b−1)] = 0`; for `θ < θ₀` it is negative because `a > 1`
//! (for the mirror, `a < 1` and `θ > θ₀`). So the evidence is a non-negative supermartingale that
//! starts at 1, and by Ville's inequality it *ever* reaches `1/α` with probability at most `α`:
//! for every rate, for rates that drift from interval to interval on both tracks alike, for
//! every traffic split and every change of it that does not look ahead, and for tiny counts.
//!
//! What it rests on: requests fail independently given the rate of their interval. Events that
//! come in bursts on one track alone (one crash, a thousand failed requests) are counted as so
//! many witnesses; a metric of such events should count the bursts.

use serde::{Deserialize, Serialize};

use crate::counts::{Counts, as_float};
use crate::exact;

/// The factors by which the alternatives differ from the hypothesis, with their logarithms.
const FACTORS: [(f64, f64); 6] = [
    (1.25, 0.223_143_551_314_209_76),
    (1.5, 0.405_465_108_108_164_4),
    (2.0, core::f64::consts::LN_2),
    (3.0, 1.098_612_288_668_109_8),
    (5.0, 1.609_437_912_434_100_3),
    (8.0, 2.079_441_541_679_835_7),
];

/// The logarithm of the number of factors: the price of not knowing which of them is true.
const LN_PARTS: f64 = 1.791_759_469_228_055;

/// The logarithms of the evidence for each factor, begun at 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Mixture(#[serde(with = "exact::list")] [f64; FACTORS.len()]);

/// On which side of the hypothesis the alternatives lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The rate ratio is larger than the hypothesis says.
    Above,
    /// The rate ratio is smaller.
    Below,
}

impl Side {
    /// The factor of an alternative to the hypothesis, and its logarithm.
    fn apply(self, (factor, ln_factor): (f64, f64)) -> (f64, f64) {
        match self {
            Self::Above => (factor, ln_factor),
            Self::Below => (1.0 / factor, -ln_factor),
        }
    }
}

/// A hypothesis about the ratio of two rates, and where its alternatives lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RatioTest {
    pub(crate) null: f64,
    pub(crate) side: Side,
}

impl RatioTest {
    /// Adds what an interval says. Intervals without an event say nothing.
    pub(crate) fn observe(self, mixture: &mut Mixture, stable: Counts, candidate: Counts) {
        let on_candidate = as_float(candidate.events());
        let on_either = on_candidate + as_float(stable.events());
        if on_either == 0.0 {
            return;
        }
        let split = as_float(candidate.total()) / as_float(stable.total());
        for (ln_evidence, factor) in mixture.0.iter_mut().zip(FACTORS) {
            *ln_evidence += self.gain(factor, split, on_candidate, on_either);
        }
    }

    /// The gain of one alternative when the candidate has `split` times the stable traffic.
    fn gain(self, factor: (f64, f64), split: f64, on_candidate: f64, on_either: f64) -> f64 {
        let (factor, ln_factor) = self.side.apply(factor);
        let weight = self.null * split;
        let thinning = libm::log((weight + 1.0) / (weight * factor + 1.0));
        on_candidate * ln_factor + on_either * thinning
    }

    /// About how many more requests on the candidate lift the mixture to `ln_height`.
    ///
    /// It is assumed that both tracks have the same rate, that this rate and the traffic split
    /// stay as all counts so far show them, and that the gains are their expectation. With `g` the
    /// expected gain per candidate request of an alternative at `S`, its height in the mixture of
    /// six is reached after `(ln_height + ln 6 − S) / g`; the quickest alternative counts. There
    /// is no answer without an event, or if no alternative gains.
    pub(crate) fn requests_to(
        self,
        ln_height: f64,
        mixture: &Mixture,
        stable: Counts,
        candidate: Counts,
    ) -> Option<u64> {
        let both = stable.plus(candidate);
        let rate = both.rate().filter(|_| stable.total() > 0 && candidate.total() > 0)?;
        let split = as_float(candidate.total()) / as_float(stable.total());
        let (on_candidate, on_either) = (rate, rate * (1.0 + 1.0 / split));
        mixture.requests_to(ln_height, |factor| self.gain(factor, split, on_candidate, on_either))
    }
}

/// A hypothesis that one rate is at least this, with alternatives below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RateTest {
    pub(crate) null: f64,
}

impl RateTest {
    /// Adds what an interval says of one track: the likelihood ratio of the rates `null/h` and
    /// `null`, whose expectation is at most 1 for every rate of `null` or more.
    pub(crate) fn observe(self, mixture: &mut Mixture, counts: Counts) {
        let events = as_float(counts.events());
        let others = as_float(counts.total() - counts.events());
        for (ln_evidence, factor) in mixture.0.iter_mut().zip(FACTORS) {
            *ln_evidence += others * self.gain_without_event(factor) - events * factor.1;
        }
    }

    fn gain_without_event(self, (factor, _): (f64, f64)) -> f64 {
        libm::log1p(-self.null / factor) - libm::log1p(-self.null)
    }

    /// About how many more requests lift the mixture to `ln_height`, if events go on at the rate
    /// that all counts so far show; by the same formula as [`RatioTest::requests_to`].
    pub(crate) fn requests_to(
        self,
        ln_height: f64,
        mixture: &Mixture,
        counts: Counts,
    ) -> Option<u64> {
        let rate = counts.rate()?;
        mixture.requests_to(ln_height, |factor| {
            (1.0 - rate) * self.gain_without_event(factor) - rate * factor.1
        })
    }
}

impl Mixture {
    /// Whether the evidence, the mean over the factors, is at least `exp(ln_height)`.
    pub(crate) fn reaches(&self, ln_height: f64) -> bool {
        let highest = self.highest();
        // The mean lies between a sixth of the highest and the highest, so that most looks are
        // answered without an exponential.
        highest >= ln_height && (highest >= ln_height + LN_PARTS || self.ln_evidence() >= ln_height)
    }

    /// The logarithm of the evidence.
    pub(crate) fn ln_evidence(&self) -> f64 {
        let highest = self.highest();
        let sum: f64 = self.0.iter().map(|ln_evidence| libm::exp(ln_evidence - highest)).sum();
        highest + libm::log(sum) - LN_PARTS
    }

    /// The requests after which the quickest alternative arrives, given its gain per request.
    fn requests_to(&self, ln_height: f64, gain: impl Fn((f64, f64)) -> f64) -> Option<u64> {
        let requests = self.0.iter().zip(FACTORS).filter_map(|(ln_evidence, factor)| {
            let gain = gain(factor);
            (gain > 0.0).then(|| (ln_height + LN_PARTS - ln_evidence).max(0.0) / gain)
        });
        requests.min_by(f64::total_cmp).map(whole_requests)
    }

    fn highest(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Rounded up; a forecast beyond the range of the type is as good as its largest value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and a forecast is never negative"
)]
fn whole_requests(requests: f64) -> u64 {
    libm::ceil(requests) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_WORSE: RatioTest = RatioTest { null: 1.0, side: Side::Above };
    const TWICE: RatioTest = RatioTest { null: 2.0, side: Side::Below };

    fn counts(events: u64, total: u64) -> Counts {
        Counts::new(events, total).unwrap()
    }

    fn assert_close(left: f64, right: f64) {
        assert!((left - right).abs() <= 1e-12 * right.abs().max(1.0), "{left} is not {right}");
    }

    #[test]
    fn the_written_logarithms_are_the_logarithms() {
        for (factor, ln_factor) in FACTORS {
            assert_close(libm::log(factor), ln_factor);
        }
        assert_close(libm::log(6.0), LN_PARTS);
    }

    /// With equal traffic and `θ₀ = 1`, one event on the candidate multiplies the alternative `h`
    /// by `2h/(1+h)`, and one on the stable version by `2/(1+h)`. For one of each:
    /// the mean over `h` of `4h/(1+h)²`, computed by hand as
    /// (80/81 + 24/25 + 8/9 + 3/4 + 5/9 + 32/81) / 6.
    #[test]
    fn one_event_on_each_track_by_hand() {
        let mut mixture = Mixture::default();
        NO_WORSE.observe(&mut mixture, counts(1, 10), counts(1, 10));
        let by_hand =
            (80.0 / 81.0 + 24.0 / 25.0 + 8.0 / 9.0 + 0.75 + 5.0 / 9.0 + 32.0 / 81.0) / 6.0;
        assert_close(libm::exp(mixture.ln_evidence()), by_hand);
    }

    /// The mirror at `θ₀ = 2`, a candidate with a ninth of the traffic, an event on the stable
    /// side: `(1−p(2/h))/(1−p(2)) = (2/9 + 1)/(2/(9h) + 1) = 11/(9 + 2/h)`.
    #[test]
    fn one_event_on_the_stable_side_speaks_for_the_candidate() {
        let mut mixture = Mixture::default();
        TWICE.observe(&mut mixture, counts(1, 90), counts(0, 10));
        let by_hand = [1.25, 1.5, 2.0, 3.0, 5.0, 8.0].map(|h| 11.0 / (9.0 + 2.0 / h));
        assert_close(libm::exp(mixture.ln_evidence()), by_hand.iter().sum::<f64>() / 6.0);
    }

    /// Ten requests without an event multiply `null/h` by `((1 − null/h)/(1 − null))^10`.
    #[test]
    fn requests_without_an_event_speak_for_a_low_rate() {
        let mut mixture = Mixture::default();
        RateTest { null: 0.1 }.observe(&mut mixture, counts(0, 10));
        let by_hand =
            [1.25, 1.5, 2.0, 3.0, 5.0, 8.0].map(|h: f64| libm::pow((1.0 - 0.1 / h) / 0.9, 10.0));
        assert_close(libm::exp(mixture.ln_evidence()), by_hand.iter().sum::<f64>() / 6.0);
    }

    #[test]
    fn the_short_cut_of_reaches_agrees_with_the_mean() {
        let mut mixture = Mixture::default();
        for _ in 0..40 {
            NO_WORSE.observe(&mut mixture, counts(1, 100), counts(2, 100));
            let ln_evidence = mixture.ln_evidence();
            for offset in [-2.0, -0.001, 0.0, 0.001, 2.0] {
                assert_eq!(mixture.reaches(ln_evidence + offset), offset <= 0.0);
            }
        }
    }

    #[test]
    fn the_forecast_is_where_the_expected_gain_arrives() {
        let (mut mixture, ln_height) = (Mixture::default(), libm::log(20.0));
        let (stable, candidate) = (counts(100, 10_000), counts(10, 1_000));
        TWICE.observe(&mut mixture, stable, candidate);
        let needed = TWICE.requests_to(ln_height, &mixture, stable, candidate).unwrap();
        let fresh = TWICE.requests_to(ln_height, &Mixture::default(), stable, candidate).unwrap();
        assert_eq!(needed + 1_000, fresh, "requests that went as expected count in full");
        assert!(TWICE.requests_to(ln_height, &mixture, counts(0, 9), counts(0, 1)).is_none());
        assert!(TWICE.requests_to(ln_height, &mixture, counts(1, 9), counts(0, 0)).is_none());
    }
}
