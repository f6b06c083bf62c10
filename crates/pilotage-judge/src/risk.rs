//! A risk: the probability of a wrong decision that its owner accepts.

use serde::{Deserialize, Serialize};

/// The accepted probability of a wrong decision, strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Risk(f64);

impl Risk {
    /// One wrong decision in a hundred.
    pub const ONE_PERCENT: Self = Self(0.01);
    /// One wrong decision in twenty.
    pub const FIVE_PERCENT: Self = Self(0.05);

    /// Accepts this probability of a wrong decision.
    pub fn new(probability: f64) -> Result<Self, InvalidRisk> {
        if probability > 0.0 && probability < 1.0 {
            return Ok(Self(probability));
        }
        Err(InvalidRisk { given: probability })
    }

    /// The accepted probability.
    pub const fn probability(self) -> f64 {
        self.0
    }

    /// The natural logarithm of `parts / risk`, the height that an e-process of a risk shared
    /// among `parts` has to reach.
    pub(crate) fn ln_height(self, parts: f64) -> f64 {
        libm::log(parts / self.0)
    }
}

/// A number that is not an acceptable probability of a wrong decision.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error(
    "{given} cannot be the risk of a wrong decision: give a probability between 0 and 1, both \
     excluded, for example 0.01"
)]
pub struct InvalidRisk {
    given: f64,
}

impl TryFrom<f64> for Risk {
    type Error = InvalidRisk;

    fn try_from(probability: f64) -> Result<Self, InvalidRisk> {
        Self::new(probability)
    }
}

impl From<Risk> for f64 {
    fn from(risk: Risk) -> Self {
        risk.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_probabilities_that_can_be_kept() {
        for given in [0.0, 1.0, -0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(Risk::new(given).is_err(), "{given}");
        }
        assert!((Risk::ONE_PERCENT.ln_height(1.0) - 4.605_170_185_988_091).abs() < 1e-15);
    }
}
