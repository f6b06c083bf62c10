//! A clock that a test can turn.

use core::time::Duration;
use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_driver::role::Clock;
use pilotage_rollout::{Moment, Span};

use super::lock;

/// A clock over the runtime's paused time: time passes only while everybody waits, and then at
/// once. The wall clock can be set; elapsed time cannot.
#[derive(Debug)]
pub struct FakeClock {
    origin: tokio::time::Instant,
    wall: Mutex<Wall>,
}

/// What the wall clock showed, and when.
#[derive(Debug, Clone, Copy)]
struct Wall {
    at: Moment,
    elapsed: Span,
}

impl FakeClock {
    /// A clock whose wall shows this now. Needs a runtime whose time is paused.
    #[expect(clippy::disallowed_methods, reason = "this is an implementation of `Clock`")]
    pub fn new(at: Moment) -> Self {
        let origin = tokio::time::Instant::now();
        Self { origin, wall: Mutex::new(Wall { at, elapsed: Span::ZERO }) }
    }

    /// Sets the wall clock, in either direction.
    pub fn set(&self, at: Moment) {
        *lock(&self.wall) = Wall { at, elapsed: self.elapsed() };
    }
}

#[async_trait]
impl Clock for FakeClock {
    fn now(&self) -> Moment {
        let Wall { at, elapsed } = *lock(&self.wall);
        let passed = self.elapsed().as_millis().saturating_sub(elapsed.as_millis());
        at + Span::from_millis(passed)
    }

    fn elapsed(&self) -> Span {
        let millis = self.origin.elapsed().as_millis();
        Span::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "this is an implementation of `Clock`")]
    async fn sleep(&self, span: Span) {
        if span > Span::ZERO {
            tokio::time::sleep(Duration::from_millis(span.as_millis())).await;
        }
    }
}
