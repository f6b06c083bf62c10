//! What the candidate and the stable release show.

use core::fmt::Debug;

use async_trait::async_trait;
use pilotage_judge::{MetricName, Reading};
use pilotage_rollout::Moment;

/// Whoever reads metrics.
///
/// # Contract
///
/// - **One reading for each metric, in the order asked.** What could not be read is
///   [`Reading::Missing`] with the reason; it is never left out, and never taken for zero.
/// - **An increment, not a total:** the reading covers `from` to `to` and nothing else. The times
///   are those of the wall clock.
/// - **Idempotent and free to drop**: reading changes nothing.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Metrics: Debug + Send + Sync {
    /// Reads these metrics of this window.
    async fn read(&self, metrics: &[MetricName], from: Moment, to: Moment) -> Vec<Reading>;
}

/// For plans without a judge: everything is missing, and missing data never passes.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMetrics;

#[async_trait]
impl Metrics for NoMetrics {
    async fn read(&self, metrics: &[MetricName], _: Moment, _: Moment) -> Vec<Reading> {
        let missing = |_| Reading::Missing { reason: "no source of metrics is configured".into() };
        metrics.iter().map(missing).collect()
    }
}
