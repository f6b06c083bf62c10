//! The trait.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_rollout::{Moment, Span};

/// What time it is, and waiting. The only way by which time enters.
///
/// # Contract
///
/// - **`now` is the wall clock**: it is comparable between machines and may jump either way.
/// - **`elapsed` never goes backwards** within one value: it tells how much time has passed since
///   an origin that does not matter, whatever the wall clock does. It counts the time for which
///   the machine was suspended, wherever the machine can tell.
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
