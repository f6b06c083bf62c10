//! Points and lengths of time, as data.
//!
//! The engine never asks what time it is; each event brings its [`Moment`]. Arithmetic saturates,
//! because a plan with an absurd duration must end in a late deadline and never in a panic.

use core::fmt::{self, Display, Formatter};
use core::ops::{Add, Mul};

use serde::{Deserialize, Serialize};

/// A point in time: milliseconds since the Unix epoch, as the clock of the run tells them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Moment(u64);

impl Moment {
    /// The moment that is this many milliseconds after the epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Moment {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

/// A length of time in milliseconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// This many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// This many seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// This many minutes.
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_secs(mins.saturating_mul(60))
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// How many whole times `other` fits, at least once; an empty `other` counts as a millisecond.
    pub fn divided_by(self, other: Self) -> u64 {
        (self.0 / other.0.max(1)).max(1)
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Span {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (secs, millis) = (self.0 / 1_000, self.0 % 1_000);
        match (secs / 3_600, secs / 60 % 60, secs % 60, millis) {
            (0, 0, 0, millis) => write!(f, "{millis}ms"),
            (0, 0, secs, 0) => write!(f, "{secs}s"),
            (0, 0, secs, millis) => write!(f, "{secs}.{millis:03}s"),
            (0, mins, 0, _) => write!(f, "{mins}m"),
            (0, mins, secs, _) => write!(f, "{mins}m{secs}s"),
            (hours, 0, 0, _) => write!(f, "{hours}h"),
            (hours, mins, _, _) => write!(f, "{hours}h{mins}m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn spans_read_like_a_person_writes_them() {
        let shown = [0, 250, 1_000, 1_500, 60_000, 90_000, 3_600_000, 5_400_000]
            .map(|millis| Span::from_millis(millis).to_string());
        assert_eq!(shown, ["0ms", "250ms", "1s", "1.500s", "1m", "1m30s", "1h", "1h30m"]);
    }

    #[test]
    fn absurd_times_saturate() {
        let end = Moment::from_millis(u64::MAX);
        assert_eq!(end + Span::from_secs(u64::MAX), end);
        assert_eq!(Moment::from_millis(1).since(end), Span::ZERO);
        assert_eq!(Span::from_secs(1).divided_by(Span::ZERO), 1_000);
        assert_eq!(Span::ZERO.divided_by(Span::from_secs(1)), 1);
    }
}
