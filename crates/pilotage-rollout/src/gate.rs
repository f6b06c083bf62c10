//! What must hold before a ramp goes on.

use alloc::string::String;
use core::fmt::{self, Display, Formatter};

use pilotage_judge::Panel;
use serde::{Deserialize, Serialize};

use crate::Span;

/// A condition between one step of a ramp and the next; the gates of a step are passed in order,
/// and the candidate's health is watched all the while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Gate {
    /// Stay healthy for this long.
    Soak(Span),
    /// Let the judge compare the candidate with the stable release.
    Judge(Judging),
    /// A check of the candidate from outside.
    Smoke(Smoke),
    /// A person's word.
    Manual(Manual),
}

/// How the judge is consulted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judging {
    /// The metrics and methods.
    pub panel: Panel,
    /// The time between two looks.
    pub interval: Span,
    /// When to stop waiting for evidence.
    pub horizon: Span,
    /// What to do if there is not enough evidence by then.
    pub inconclusive: Inconclusive,
}

/// What to do when the judge has not decided at the horizon. Missing data is never a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inconclusive {
    /// Go back to the stable release.
    #[default]
    Revert,
    /// Wait for a person.
    Pause,
    /// Go on all the same: for services with hardly any traffic, by explicit choice.
    Promote,
}

/// A check of the candidate from outside: a command or an HTTP request, known to the driver's
/// probe by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smoke {
    /// Which check.
    pub check: String,
    /// Where the check goes: to the candidate apart, or through the production address.
    pub via: Via,
    /// How often it may fail before the gate does.
    pub attempts: u8,
    /// The time between two attempts.
    pub interval: Span,
}

/// The way that a smoke check takes to the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The address under which the candidate is reachable before it gets traffic.
    Preview,
    /// The address that everybody uses.
    Production,
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// What the person is asked.
    pub question: String,
}

impl Display for Gate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Soak(span) => write!(f, "stay healthy for {span}"),
            Self::Judge(judging) => write!(f, "judge for up to {}", judging.horizon),
            Self::Smoke(smoke) => write!(f, "smoke check `{}`", smoke.check),
            Self::Manual(manual) => write!(f, "ask a person: {}", manual.question),
        }
    }
}

/// When a group of units counts as healthy: at least `k` of the last `n` observations saw every
/// unit ready, and no unit was restarted meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "HealthFields", into = "HealthFields")]
pub struct HealthRule {
    k: u8,
    n: u8,
    interval: Span,
    max_age: Span,
}

/// The longest window, in observations.
const LONGEST_WINDOW: u8 = 64;

impl HealthRule {
    /// At least `k` of the last `n` observations, one every `interval`, trusted for `max_age`.
    pub fn new(k: u8, n: u8, interval: Span, max_age: Span) -> Result<Self, InvalidHealthRule> {
        if k == 0 || k > n || n > LONGEST_WINDOW {
            return Err(InvalidHealthRule::Window { k, n });
        }
        if interval == Span::ZERO {
            return Err(InvalidHealthRule::Interval);
        }
        if max_age < interval {
            return Err(InvalidHealthRule::Age { interval, max_age });
        }
        Ok(Self { k, n, interval, max_age })
    }

    /// How many observations must be good.
    pub const fn k(self) -> u8 {
        self.k
    }

    /// How many observations count.
    pub const fn n(self) -> u8 {
        self.n
    }

    /// The time between two observations.
    pub const fn interval(self) -> Span {
        self.interval
    }

    /// How long a proof of health may be relied upon before traffic is moved.
    pub const fn max_age(self) -> Span {
        self.max_age
    }
}

impl Default for HealthRule {
    /// Three good observations in a row of three, five seconds apart, good for half a minute.
    fn default() -> Self {
        Self { k: 3, n: 3, interval: Span::from_secs(5), max_age: Span::from_secs(30) }
    }
}

impl Display for HealthRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { k, n, interval, .. } = self;
        write!(f, "{k} of {n} observations healthy, every {interval}, no restart between")
    }
}

/// A health rule that could never or would always hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHealthRule {
    /// The counts are impossible.
    #[error("health needs {k} of {n} observations: use 1 <= k <= n <= {LONGEST_WINDOW}")]
    Window {
        /// Good observations wanted.
        k: u8,
        /// Observations in the window.
        n: u8,
    },
    /// Observations without time between them prove nothing.
    #[error("the health interval is zero: observations must lie apart in time, for example 5s")]
    Interval,
    /// The proof would be stale before the next observation.
    #[error("health evidence expires after {max_age}, before the next observation at {interval}")]
    Age {
        /// Between two observations.
        interval: Span,
        /// How long they are trusted.
        max_age: Span,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HealthFields {
    k: u8,
    n: u8,
    interval: Span,
    max_age: Span,
}

impl TryFrom<HealthFields> for HealthRule {
    type Error = InvalidHealthRule;

    fn try_from(fields: HealthFields) -> Result<Self, InvalidHealthRule> {
        Self::new(fields.k, fields.n, fields.interval, fields.max_age)
    }
}

impl From<HealthRule> for HealthFields {
    fn from(HealthRule { k, n, interval, max_age }: HealthRule) -> Self {
        Self { k, n, interval, max_age }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_windows_are_refused() {
        let second = Span::from_secs(1);
        for (k, n) in [(0, 3), (4, 3), (1, LONGEST_WINDOW + 1)] {
            let refused = HealthRule::new(k, n, second, second);
            assert_eq!(refused, Err(InvalidHealthRule::Window { k, n }));
        }
        assert!(HealthRule::new(1, LONGEST_WINDOW, second, second).is_ok());
        assert!(HealthRule::new(3, 3, second, second).is_ok());
        assert_eq!(HealthRule::new(1, 1, Span::ZERO, second), Err(InvalidHealthRule::Interval));
        assert!(HealthRule::new(1, 1, second, Span::ZERO).is_err());
    }
}
