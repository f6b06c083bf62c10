//! A small seeded source of randomness (`SplitMix64`), the same on every machine.

/// A seeded source of randomness. Good enough for simulations, and for nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A source that is a function of the seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number above 0 and at most 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float exactly")]
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// How many of `total` independent things happen, each with probability `rate`.
    ///
    /// Jumps from event to event, so that its time grows with the events rather than the total.
    pub fn events(&mut self, total: u64, rate: f64) -> u64 {
        if rate.is_nan() || rate <= 0.0 {
            return 0;
        }
        let ln_other = libm::log1p(-rate.min(1.0));
        let (mut events, mut left) = (0, total);
        while let Some(rest) = left.checked_sub(self.gap(ln_other)).and_then(|n| n.checked_sub(1)) {
            events += 1;
            left = rest;
        }
        events
    }

    /// How many things in a row do not happen.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and both logarithms are negative"
    )]
    fn gap(&mut self, ln_other: f64) -> u64 {
        (libm::log(self.unit()) / ln_other) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for seed 1234567, as published with the algorithm.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn events_have_the_mean_and_the_spread_of_a_binomial() {
        let mut random = Random::new(7);
        let draws = 20_000;
        let (mut sum, mut squares) = (0, 0);
        for _ in 0..draws {
            let events = random.events(500, 0.02);
            sum += events;
            squares += events * events;
        }
        let mean = f64::from(u32::try_from(sum).unwrap()) / f64::from(draws);
        let variance = f64::from(u32::try_from(squares).unwrap()) / f64::from(draws) - mean * mean;
        assert!((mean - 10.0).abs() < 0.1, "{mean}");
        assert!((variance - 9.8).abs() < 0.4, "{variance}");
    }

    #[test]
    fn certainties_are_certain() {
        let mut random = Random::new(1);
        assert_eq!(random.events(100, 0.0), 0);
        assert_eq!(random.events(100, 1.0), 100);
        assert_eq!(random.events(100, f64::NAN), 0);
        assert_eq!(random.events(0, 0.5), 0);
    }
}
