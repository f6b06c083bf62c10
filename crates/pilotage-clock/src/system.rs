//! The clock of this machine.

use core::time::Duration;

use async_trait::async_trait;
use pilotage_rollout::{Moment, Span};

use crate::Clock;

/// The clock of this machine.
///
/// On Linux its elapsed time goes on while the machine is suspended; elsewhere, std has no such
/// clock, and who depends on it looks at the wall clock as well.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Duration,
}

impl SystemClock {
    /// A clock whose elapsed time begins now.
    pub fn new() -> Self {
        Self { origin: uptime() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of `Clock`")]
    fn now(&self) -> Moment {
        let now = std::time::SystemTime::now();
        // A wall clock before 1970 is told as 1970; the run's clock then goes on from its journal.
        let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment::from_millis(millis(since_epoch))
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(millis(uptime().saturating_sub(self.origin)))
    }

    /// The timer stands still while the machine is suspended, so it may be late by that; never
    /// early.
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of `Clock`")]
    async fn sleep(&self, span: Span) {
        tokio::time::sleep(Duration::from_millis(span.as_millis())).await;
    }
}

#[cfg(target_os = "linux")]
fn uptime() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    // Neither part is ever negative on this clock.
    let (seconds, nanos) = (now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs());
    Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos))
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "this is the implementation of `Clock`")]
fn uptime() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
