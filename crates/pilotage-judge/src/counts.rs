//! Counts: how many of a number of things were events, such as the errors among requests.

use serde::{Deserialize, Serialize};

/// Events among a total, for example errors among requests. There are never more events than total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Counts {
    events: u64,
    total: u64,
}

impl Counts {
    /// Nothing was counted.
    pub const NONE: Self = Self { events: 0, total: 0 };

    /// Pairs the counts, which must have been taken over the same interval.
    pub const fn new(events: u64, total: u64) -> Result<Self, InvalidCounts> {
        if events > total {
            return Err(InvalidCounts { events, total });
        }
        Ok(Self { events, total })
    }

    /// How many were events.
    pub const fn events(self) -> u64 {
        self.events
    }

    /// How many there were.
    pub const fn total(self) -> u64 {
        self.total
    }

    /// The share of events, unless nothing was counted.
    pub fn rate(self) -> Option<f64> {
        (self.total > 0).then(|| as_float(self.events) / as_float(self.total))
    }

    /// Both intervals together. Saturation keeps the rule that events never exceed the total.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            events: self.events.saturating_add(other.events),
            total: self.total.saturating_add(other.total),
        }
    }
}

/// The nearest float: counts beyond 2^53 lose their last digits, which no rate can notice.
#[expect(clippy::cast_precision_loss, reason = "a relative error of 1e-16 in a count is harmless")]
pub(crate) const fn as_float(count: u64) -> f64 {
    count as f64
}

/// More events than there were things to be events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{events} events among a total of {total}: there cannot be more events than things counted, \
     so check that both queries cover the same interval and the same requests"
)]
pub struct InvalidCounts {
    events: u64,
    total: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    events: u64,
    total: u64,
}

impl TryFrom<Unchecked> for Counts {
    type Error = InvalidCounts;

    fn try_from(given: Unchecked) -> Result<Self, InvalidCounts> {
        Self::new(given.events, given.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_never_exceed_the_total() {
        assert_eq!(Counts::new(3, 4).unwrap().rate(), Some(0.75));
        assert_eq!(Counts::NONE.rate(), None);
        assert!(Counts::new(5, 4).is_err());
        assert!(serde_json::from_str::<Counts>(r#"{"events":5,"total":4}"#).is_err());
    }

    #[test]
    fn sums_saturate_within_the_rule() {
        let huge = Counts::new(u64::MAX - 1, u64::MAX).unwrap();
        let sum = huge.plus(huge);
        assert!(sum.events() <= sum.total());
    }
}
