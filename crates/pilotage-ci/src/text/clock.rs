//! Moments as a person reads them, always in UTC, because one journal is written by many machines.

use jiff::Timestamp;
use pilotage_rollout::Moment;

/// For example `2026-01-01 00:00:05 UTC`.
pub fn date_and_time(at: Moment) -> String {
    show(at, "%Y-%m-%d %H:%M:%S UTC")
}

/// For example `00:00:05Z`.
pub fn time_of_day(at: Moment) -> String {
    show(at, "%H:%M:%SZ")
}

/// A moment beyond the calendar is shown as what it is, a number.
fn show(at: Moment, format: &str) -> String {
    let millis = i64::try_from(at.as_millis()).unwrap_or(i64::MAX);
    match Timestamp::from_millisecond(millis) {
        Ok(timestamp) => timestamp.strftime(format).to_string(),
        Err(_) => format!("{}ms", at.as_millis()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_in_utc() {
        let at = Moment::from_millis(1_767_225_605_250);
        assert_eq!(date_and_time(at), "2026-01-01 00:00:05 UTC");
        assert_eq!(time_of_day(at), "00:00:05Z");
        assert_eq!(time_of_day(Moment::from_millis(u64::MAX)), format!("{}ms", u64::MAX));
    }
}
