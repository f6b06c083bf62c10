//! The role of metrics, filled by the proxy's own counters.

use std::time::Duration;

use async_trait::async_trait;
use pilotage_driver::role::Metrics;
use pilotage_judge::{Counts, MetricName, Reading};
use pilotage_rollout::Moment;

use crate::router::Counters;
use crate::wire::Comparison;

use super::client::Client;

/// The name of the metric that is the time in milliseconds within which 99 of 100 requests were
/// answered.
pub const P99: &str = "p99-ms";

/// What the proxy counted on both sides: `errors` as a ratio, and [`P99`] as a gauge.
#[derive(Debug, Clone)]
pub struct LocalMetrics {
    client: Client,
}

impl LocalMetrics {
    /// The metrics of the service that this client speaks of.
    pub const fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Metrics for LocalMetrics {
    async fn read(&self, metrics: &[MetricName], from: Moment, to: Moment) -> Vec<Reading> {
        if metrics.is_empty() {
            return Vec::new();
        }
        match self.client.counters(from, to).await {
            Ok(seen) => metrics.iter().map(|metric| reading(metric, &seen)).collect(),
            Err(error) => vec![Reading::Missing { reason: error.to_string() }; metrics.len()],
        }
    }
}

fn reading(metric: &MetricName, seen: &Comparison) -> Reading {
    let Some((_, stable)) = &seen.stable else {
        let reason = "there is no stable release to compare with".to_owned();
        return Reading::Missing { reason };
    };
    let (_, candidate) = &seen.candidate;
    match metric.as_str() {
        "errors" => Reading::Ratio { stable: errors(stable), candidate: errors(candidate) },
        P99 => Reading::Gauge { stable: p99(stable), candidate: p99(candidate) },
        other => Reading::Missing {
            reason: format!("this machine does not measure `{other}`: use `errors` or `{P99}`"),
        },
    }
}

/// A request can fail in two ways, at its head and in its body, and is still one request.
fn errors(counters: &Counters) -> Counts {
    let failed = counters.errors().min(counters.requests);
    Counts::new(failed, counters.requests).unwrap_or_default()
}

/// Not a number where nothing was answered, which the judge takes for missing.
fn p99(counters: &Counters) -> f64 {
    let quantile = counters.latency.quantile(990).filter(|_| counters.latency.total() > 0);
    quantile.as_ref().map_or(f64::NAN, Duration::as_secs_f64) * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::Histogram;

    fn counters(requests: u64, server_errors: u64, broken: u64) -> Counters {
        let latency = Histogram::from_counts([0, 0, requests]);
        Counters { requests, server_errors, broken, latency, ..Counters::default() }
    }

    fn seen(candidate: Counters) -> Comparison {
        let side = |name: &str, counters| (name.parse().expect("a name"), counters);
        Comparison {
            stable: Some(side("v1", counters(10, 1, 0))),
            candidate: side("v2", candidate),
        }
    }

    #[test]
    fn errors_are_a_ratio_that_never_exceeds_the_whole() {
        let read = |candidate| reading(&MetricName::errors(), &seen(candidate));
        let ratio = |events| Reading::Ratio {
            stable: Counts::new(1, 10).expect("counts"),
            candidate: Counts::new(events, 4).expect("counts"),
        };
        assert_eq!(read(counters(4, 1, 1)), ratio(2));
        assert_eq!(read(counters(4, 4, 2)), ratio(4));
    }

    #[test]
    fn a_side_without_answers_has_no_latency() {
        let name: MetricName = P99.parse().expect("a name");
        let Reading::Gauge { stable, candidate } = reading(&name, &seen(counters(0, 0, 0))) else {
            panic!("a gauge")
        };
        assert!(stable > 0.0 && stable < 1.0 && candidate.is_nan(), "{stable} {candidate}");
    }

    #[test]
    fn what_is_not_measured_is_missing() {
        let name = "cpu".parse().expect("a name");
        assert!(matches!(reading(&name, &seen(counters(1, 0, 0))), Reading::Missing { .. }));
    }
}
