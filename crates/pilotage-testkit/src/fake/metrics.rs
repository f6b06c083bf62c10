//! Metrics that show what a test wants.

use std::sync::Mutex;

use async_trait::async_trait;
use pilotage_driver::role::Metrics;
use pilotage_judge::{MetricName, Reading};
use pilotage_rollout::Moment;

use super::lock;

/// Shows the same reading for each metric and window, and remembers the windows.
#[derive(Debug)]
pub struct FakeMetrics {
    reading: Reading,
    surplus: usize,
    windows: Mutex<Vec<(Moment, Moment)>>,
}

impl FakeMetrics {
    /// Shows this.
    pub fn showing(reading: Reading) -> Self {
        Self { reading, surplus: 0, windows: Mutex::default() }
    }

    /// Shows this, and more readings than were asked for: an implementation with a bug.
    pub fn unfit(reading: Reading, surplus: usize) -> Self {
        Self { surplus, ..Self::showing(reading) }
    }

    /// The windows that were asked for, in order.
    pub fn windows(&self) -> Vec<(Moment, Moment)> {
        lock(&self.windows).clone()
    }
}

#[async_trait]
impl Metrics for FakeMetrics {
    async fn read(&self, metrics: &[MetricName], from: Moment, to: Moment) -> Vec<Reading> {
        assert!(from <= to, "a window begins before it ends");
        lock(&self.windows).push((from, to));
        vec![self.reading.clone(); metrics.len() + self.surplus]
    }
}
