//! What time it is, and waiting.

use core::fmt::Debug;
use core::time::Duration;

use async_trait::async_trait;
use pilotage_rollout::{Moment, Span};

/// What time it is, and waiting. The only way by which time enters the driver.
///
/// # Contract
///
/// - **`now` is the wall clock**: it is comparable between machines and may jump either way.
/// - **`elapsed` never goes backwards** within one value: it tells how much time has passed since
///   an origin that does not matter, whatever the wall clock does.
/// - **`sleep`** returns when at least the span has passed by `elapsed`; a span of zero returns
///   at once.
/// - **Cancellation.** Dropping `sleep` leaves nothing behind.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Clock: Debug + Send + Sync {
    /// The time of the wall clock.
    fn now(&self) -> Moment;

    /// The time that has passed since some fixed origin.
    fn elapsed(&self) -> Span;

    /// Waits.
    async fn sleep(&self, span: Span);
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: std::time::Instant,
}

impl SystemClock {
    /// A clock whose elapsed time begins now.
    #[expect(clippy::disallowed_methods, reason = "this is the implementation of `Clock`")]
    pub fn new() -> Self {
        Self { origin: std::time::Instant::now() }
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
        Span::from_millis(millis(self.origin.elapsed()))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the implementation of `Clock`")]
    async fn sleep(&self, span: Span) {
        tokio::time::sleep(Duration::from_millis(span.as_millis())).await;
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
