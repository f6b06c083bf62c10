//! What was seen when a rule failed, and the bound that it broke.

use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::exact;
use crate::metric::MetricName;
use crate::threshold::Scale;

/// Why a panel failed the candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Failure {
    /// A critical rule failed.
    Metric {
        /// The rule's metric.
        metric: MetricName,
        /// What was seen.
        finding: Finding,
    },
    /// So much weight failed that the score can no longer reach the marginal mark.
    Score {
        /// The best score that is still within reach, in percent.
        #[serde(with = "exact")]
        best_percent: f64,
        /// The score under which the panel fails, in percent.
        marginal_percent: u8,
        /// The first weighted rule that failed.
        metric: MetricName,
        /// What was seen there.
        finding: Finding,
    },
}

impl Failure {
    /// The metric that shows the failure.
    pub fn metric(&self) -> &MetricName {
        match self {
            Self::Metric { metric, .. } | Self::Score { metric, .. } => metric,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Metric { metric, finding } => write!(f, "`{metric}`: {finding}"),
            Self::Score { best_percent, marginal_percent, metric, finding } => write!(
                f,
                "the score can reach {best_percent:.0} % at best, under the marginal \
                 {marginal_percent} %, first because of `{metric}`: {finding}"
            ),
        }
    }
}

/// What was seen when a rule failed, and the bound that it broke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Finding {
    /// The candidate's event rate is higher than tolerated.
    Rate {
        /// What the stable version showed in all usable looks.
        stable: Counts,
        /// What the candidate showed in the same looks.
        candidate: Counts,
        /// The evidence against the candidate: a fair bet on "no worse" would have multiplied so.
        #[serde(with = "exact")]
        evidence: f64,
        /// The evidence that aborts.
        #[serde(with = "exact")]
        bound: f64,
    },
    /// The candidate's values are shifted against the stable version's.
    Shift {
        /// The lower end of the 98 % interval of the shift.
        #[serde(with = "exact")]
        low: f64,
        /// The upper end of it.
        #[serde(with = "exact")]
        high: f64,
        /// The size of shift that is tolerated either way.
        #[serde(with = "exact")]
        bound: f64,
    },
    /// The candidate's value left its bounds too often.
    OutOfBounds {
        /// The latest value, in the scale of the bounds.
        #[serde(with = "exact")]
        value: f64,
        /// The bound that it broke.
        #[serde(with = "exact")]
        bound: f64,
        /// What the value and the bound are measured in.
        scale: Scale,
        /// How many of the latest looks were out of bounds.
        breaches: u32,
        /// How many looks are considered.
        of_looks: u32,
    },
}

/// Evidence grows without end; nobody reads more than nine digits of it.
struct Evidence(f64);

const OVERWHELMING: f64 = 999_999_999.0;

impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0 > OVERWHELMING {
            return f.write_str("overwhelming");
        }
        write!(f, "{:.0}", self.0)
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate { stable, candidate, evidence, bound } => write!(
                f,
                "the candidate shows {} and the stable version {}; the evidence that it is worse \
                 is {}, and {bound:.0} aborts",
                Share(*candidate),
                Share(*stable),
                Evidence(*evidence)
            ),
            Self::Shift { low, high, bound } => write!(
                f,
                "the candidate's values are shifted by {low:.4} to {high:.4}, and {bound:.4} is \
                 tolerated"
            ),
            Self::OutOfBounds { value, bound, scale, breaches, of_looks } => write!(
                f,
                "the candidate's value was {value:.4}{scale}, beyond the bound {bound:.4}, in \
                 {breaches} of the last {of_looks} looks"
            ),
        }
    }
}

/// Counts as a person reads them: `3.10 % of 1,500`.
struct Share(Counts);

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let percent = self.0.rate().unwrap_or(0.0) * 100.0;
        write!(f, "{percent:.2} % of {}", Grouped(self.0.total()))
    }
}

/// A number with a comma after every three digits.
pub(crate) struct Grouped(pub(crate) u64);

impl Display for Grouped {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0 < 1_000 {
            return write!(f, "{}", self.0);
        }
        write!(f, "{},{:03}", Grouped(self.0 / 1_000), self.0 % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_240_007, "1,240,007")] {
            assert_eq!(Grouped(number).to_string(), text);
        }
    }
}
