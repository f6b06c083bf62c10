//! A clock for whom waiting takes no time, for tests over real sockets.

use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_driver::role::Clock;
use pilotage_rollout::{Moment, Span};

use super::lock;

/// A clock whose sleeps end at once and move it on; every one is kept.
///
/// Paused time does not go together with sockets: the runtime takes waiting for one for idleness.
#[derive(Debug, Default)]
pub struct HastyClock {
    slept: Mutex<Vec<Span>>,
    ahead: Mutex<Span>,
}

impl HastyClock {
    /// Every wait so far.
    pub fn slept(&self) -> Vec<Span> {
        lock(&self.slept).clone()
    }

    /// Moves it on, as if something had taken this long.
    pub fn advance(&self, span: Span) {
        let mut ahead = lock(&self.ahead);
        *ahead = *ahead + span;
    }
}

#[async_trait]
impl Clock for HastyClock {
    fn now(&self) -> Moment {
        Moment::from_millis(0) + self.elapsed()
    }

    fn elapsed(&self) -> Span {
        *lock(&self.ahead)
    }

    async fn sleep(&self, span: Span) {
        lock(&self.slept).push(span);
        self.advance(span);
        tokio::task::yield_now().await;
    }
}
