//! Units, clients and waiting, shared by all tests.

pub(crate) mod client;
pub(crate) mod files;
pub(crate) mod front;
pub(crate) mod script;
pub(crate) mod unit;
pub(crate) mod websocket;

use std::time::Duration;

/// Far longer than anything here takes; reached only by a failing test.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// Waits for the future, or fails with what was waited for.
pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = tokio::time::timeout(DEADLINE, future).await else {
        panic!("waited {DEADLINE:?} in vain for {what}");
    };
    value
}

/// Waits until the condition holds.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    within(what, async {
        while !condition().await {
            ticks.tick().await;
        }
    })
    .await;
}
