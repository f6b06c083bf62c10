//! When a call is repeated, and how long to wait before.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::header::{HeaderMap, RETRY_AFTER};
use pilotage_rollout::{Moment, Span};

use super::Said;
use crate::Error;

/// How often a call is repeated, and how patiently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How many times a call is made at most.
    pub attempts: u32,
    /// The wait before the second; it doubles from there.
    pub first: Span,
    /// The longest wait, also when the registry asks for a longer one.
    pub longest: Span,
}

impl Default for Retry {
    fn default() -> Self {
        let (first, longest) = (Span::from_millis(500), Span::from_secs(30));
        Self { attempts: 5, first, longest }
    }
}

impl Retry {
    /// The wait after this many failed attempts, or nothing when it was the last.
    ///
    /// What the registry asks for counts, unless it is shorter than ours.
    pub(crate) fn wait(self, failed: u32, asked: Option<Span>) -> Option<Span> {
        if failed >= self.attempts {
            return None;
        }
        let doubled = self.first * 2_u64.saturating_pow(failed.saturating_sub(1));
        Some(doubled.max(asked.unwrap_or_default()).min(self.longest))
    }
}

impl Retry {
    /// The wait after this many failed attempts, the last of which ended like this.
    pub(crate) fn after(self, failed: u32, error: &Error) -> Option<Span> {
        self.wait(failed, error.said().and_then(Said::pause))
    }
}

/// The wait that an answer asks for: in seconds, or as a date.
pub(crate) fn asked(headers: &HeaderMap, now: Moment) -> Option<Span> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Span::from_secs(seconds));
    }
    let at: SystemTime = httpdate::parse_http_date(text).ok()?;
    let at = at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let at = Moment::from_millis(u64::try_from(at.as_millis()).unwrap_or(u64::MAX));
    Some(at.since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_end() {
        let retry = Retry { attempts: 4, first: Span::from_secs(8), longest: Span::from_secs(20) };
        let waits = [1, 2, 3, 4, 99].map(|failed| retry.wait(failed, None));
        let seconds = |n| Some(Span::from_secs(n));
        assert_eq!(waits, [seconds(8), seconds(16), seconds(20), None, None]);
        assert_eq!(retry.wait(1, seconds(12)), seconds(12), "the registry asks for more");
        assert_eq!(retry.wait(1, seconds(1)), seconds(8), "or for less than is polite");
        assert_eq!(retry.wait(1, seconds(u64::MAX)), seconds(20), "but not for ever");
    }

    #[test]
    fn reads_seconds_and_dates() {
        let ask = |text: &'static str, now: u64| {
            let value = hyper::header::HeaderValue::from_static(text);
            asked(&HeaderMap::from_iter([(RETRY_AFTER, value)]), Moment::from_millis(now))
        };
        assert_eq!(ask("7", 0), Some(Span::from_secs(7)));
        assert_eq!(ask("Thu, 01 Jan 1970 00:01:00 GMT", 20_000), Some(Span::from_secs(40)));
        assert_eq!(ask("Thu, 01 Jan 1970 00:01:00 GMT", 90_000), Some(Span::ZERO));
        assert_eq!(ask("soon", 0), None);
    }
}
