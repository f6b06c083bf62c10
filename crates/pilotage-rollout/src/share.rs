//! A part of the whole: of the traffic, or of the capacity.

use core::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

const WHOLE: u16 = 10_000;

/// A share in basis points, 0 to 10,000; ECS needs tenths of a percent, and nobody needs more.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "u16", into = "u16")]
pub struct Share(u16);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Everything.
    pub const ALL: Self = Self(WHOLE);

    /// A share in basis points.
    pub const fn from_basis_points(points: u16) -> Result<Self, InvalidShare> {
        if points > WHOLE { Err(InvalidShare { points }) } else { Ok(Self(points)) }
    }

    /// A share in percent.
    pub const fn from_percent(percent: u16) -> Result<Self, InvalidShare> {
        Self::from_basis_points(percent.saturating_mul(100))
    }

    /// The share that `part` is of `whole`, rounded down; nothing if there is no whole.
    pub fn ratio(part: u16, whole: u16) -> Self {
        let points = u32::from(part.min(whole)) * u32::from(WHOLE) / u32::from(whole.max(1));
        Self(u16::try_from(points).unwrap_or(WHOLE))
    }

    /// The share in basis points.
    pub const fn basis_points(self) -> u16 {
        self.0
    }

    /// The largest multiple of a granularity that is not more than this share.
    pub fn rounded_down_to(self, granularity: Self) -> Self {
        Self(self.0 - self.0 % granularity.0.max(1))
    }

    /// What is left of the whole.
    pub const fn rest(self) -> Self {
        Self(WHOLE - self.0)
    }

    /// How many of `size` units make up this share, rounded up, so that capacity is never short.
    pub fn of(self, size: u16) -> u16 {
        let units = (u32::from(size) * u32::from(self.0)).div_ceil(u32::from(WHOLE));
        u16::try_from(units).unwrap_or(u16::MAX)
    }
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole} %"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{} %", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02} %"),
        }
    }
}

/// More than the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a share of {points} basis points is more than the whole: use 0 to 10000 (100 %)")]
pub struct InvalidShare {
    points: u16,
}

impl TryFrom<u16> for Share {
    type Error = InvalidShare;

    fn try_from(points: u16) -> Result<Self, InvalidShare> {
        Self::from_basis_points(points)
    }
}

impl From<Share> for u16 {
    fn from(share: Share) -> Self {
        share.0
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn units_are_rounded_up_and_never_beyond_the_size() {
        let tenth = Share::from_percent(10).unwrap();
        assert_eq!([1, 3, 10, 11].map(|size| tenth.of(size)), [1, 1, 1, 2]);
        assert_eq!(Share::ALL.of(u16::MAX), u16::MAX);
        assert_eq!(Share::NONE.of(8), 0);
    }

    #[test]
    fn more_than_everything_is_refused() {
        assert_eq!(Share::from_percent(101).unwrap_err().points, 10_100);
        assert!(Share::from_percent(u16::MAX).is_err());
        assert!(Share::try_from(10_001).is_err());
    }

    #[test]
    fn ratios_round_down() {
        assert_eq!(Share::ratio(1, 3).basis_points(), 3_333);
        assert_eq!(Share::ratio(5, 5), Share::ALL);
        assert_eq!(Share::ratio(5, 0), Share::NONE);
        assert_eq!(Share::ratio(0, 0), Share::NONE);
    }

    #[test]
    fn shares_are_shown_in_percent() {
        let shown = [0, 1, 10, 1_250, 3_333, 10_000]
            .map(|points| Share::from_basis_points(points).unwrap().to_string());
        assert_eq!(shown, ["0 %", "0.01 %", "0.1 %", "12.5 %", "33.33 %", "100 %"]);
    }
}
