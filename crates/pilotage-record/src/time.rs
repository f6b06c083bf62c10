//! Points and lengths of time, in whole seconds.

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use jiff::Timestamp;

use crate::text::{InvalidText, serde_as_text};

const DAY: u64 = 86_400;

/// A point in time, written `2026-11-20T09:00:00Z` and in no other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(Timestamp);

impl Time {
    /// So many seconds after the beginning of 1970; what is outside of all calendars is refused.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let time = Timestamp::from_second(seconds).ok().map(Self)?;
        // Years of another length would be written in another way.
        (0..=253_402_300_799).contains(&seconds).then_some(time)
    }

    /// Seconds after the beginning of 1970.
    pub fn as_unix(self) -> i64 {
        self.0.as_second()
    }

    /// A time as others write it, with an offset or a fraction; what is below a second is dropped.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().and_then(|time| Self::from_unix(time.as_second()))
    }

    /// How much later this is; nothing if it is earlier.
    pub fn since(self, earlier: Self) -> Span {
        let seconds = self.as_unix().saturating_sub(earlier.as_unix());
        Span(u64::try_from(seconds).unwrap_or(0))
    }

    /// The point in time so much later, or the last one that there is.
    pub fn after(self, span: Span) -> Self {
        let seconds = i64::try_from(span.0).unwrap_or(i64::MAX);
        Self::from_unix(self.as_unix().saturating_add(seconds)).unwrap_or(self)
    }

    /// Which day of the week it is in UTC; Monday is 0.
    pub(crate) fn weekday(self) -> u8 {
        // The first of January 1970 was a Thursday.
        let days = self.as_unix().div_euclid(86_400);
        u8::try_from((days + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// How many minutes of the day have passed in UTC.
    pub(crate) fn minute_of_day(self) -> u16 {
        u16::try_from(self.as_unix().rem_euclid(86_400) / 60).unwrap_or(0)
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").fmt(f)
    }
}

impl FromStr for Time {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_rfc3339(text).filter(|time| time.to_string() == text).ok_or_else(|| {
            InvalidText::new(text, "point in time", "use UTC, for example `2026-11-20T09:00:00Z`")
        })
    }
}

serde_as_text!(Time);

/// A length of time, written `90s`, `15m`, `2h` or `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Span {
    /// So many seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// How many seconds it has.
    pub const fn as_secs(self) -> u64 {
        self.0
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0s"),
            days if days % DAY == 0 => write!(f, "{}d", days / DAY),
            hours if hours % 3_600 == 0 => write!(f, "{}h", hours / 3_600),
            minutes if minutes % 60 == 0 => write!(f, "{}m", minutes / 60),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

impl FromStr for Span {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (unit, count) = (text.chars().last()?, text.get(..text.len() - 1)?);
            let seconds = match unit {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => DAY,
                _ => return None,
            };
            let plain = count.bytes().all(|byte| byte.is_ascii_digit());
            let count = count.parse::<u64>().ok().filter(|_| plain)?;
            count.checked_mul(seconds).filter(|seconds| *seconds <= 3_650 * DAY).map(Self)
        };
        parse().ok_or_else(|| {
            InvalidText::new(text, "length of time", "use `90s`, `15m`, `2h` or `7d`, ten years at most")
        })
    }
}

serde_as_text!(Span);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_text() {
        let time: Time = "2026-11-20T09:05:07Z".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-20T09:05:07Z");
        for text in
            ["2026-11-20T09:05:07.0Z", "2026-11-20T10:05:07+01:00", "2026-11-20", "", "tomorrow"]
        {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
        assert_eq!(Time::from_rfc3339("2026-11-20T10:05:07.99+01:00"), Some(time));
    }

    #[test]
    fn days_and_minutes_are_those_of_utc() {
        let time: Time = "2026-11-20T09:05:07Z".parse().unwrap();
        assert_eq!((time.weekday(), time.minute_of_day()), (4, 545));
        assert_eq!(Time::from_unix(0).map(Time::weekday), Some(3));
    }

    #[test]
    fn a_span_is_written_in_its_largest_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("2h", 7_200), ("7d", 604_800), ("0s", 0)]
        {
            let span: Span = text.parse().unwrap();
            assert_eq!((span.as_secs(), span.to_string().as_str()), (seconds, text));
        }
        for text in ["", "7", "d", "-1d", "1w", "1.5h", "99999999999999999d", "+7d", "9é"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
