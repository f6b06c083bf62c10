//! The judge's counters of one track: atomics that every request adds to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::router::{Counters, Histogram};

use super::failure::Failure;

/// What one track has answered since the proxy began.
#[derive(Debug)]
pub(super) struct TrackCounters {
    requests: AtomicU64,
    server_errors: AtomicU64,
    connect_failures: AtomicU64,
    timeouts: AtomicU64,
    broken: AtomicU64,
    latency: [AtomicU64; Histogram::BUCKETS],
}

impl Default for TrackCounters {
    fn default() -> Self {
        Self {
            requests: AtomicU64::default(),
            server_errors: AtomicU64::default(),
            connect_failures: AtomicU64::default(),
            timeouts: AtomicU64::default(),
            broken: AtomicU64::default(),
            latency: [const { AtomicU64::new(0) }; Histogram::BUCKETS],
        }
    }
}

fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn value(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl TrackCounters {
    /// A unit began its response after this long.
    pub(super) fn response(&self, status: hyper::StatusCode, after: Duration) {
        add_one(&self.requests);
        if status.is_server_error() {
            add_one(&self.server_errors);
        }
        if let Some(count) = self.latency.get(Histogram::bucket(after)) {
            add_one(count);
        }
    }

    /// A unit broke a response off after its head.
    pub(super) fn broken_response(&self) {
        add_one(&self.broken);
    }

    /// No unit answered. What a client did wrong is not held against the track.
    pub(super) fn failure(&self, failure: &Failure) {
        add_one(&self.requests);
        match failure {
            Failure::Connect(_) => add_one(&self.connect_failures),
            Failure::ResponseTimeout => add_one(&self.timeouts),
            Failure::Broken(_) => add_one(&self.broken),
            Failure::ClientTimeout | Failure::ClientBroke => {}
        }
    }

    /// The numbers as they are now.
    pub(super) fn read(&self) -> Counters {
        Counters {
            requests: value(&self.requests),
            server_errors: value(&self.server_errors),
            connect_failures: value(&self.connect_failures),
            timeouts: value(&self.timeouts),
            broken: value(&self.broken),
            latency: Histogram::from_counts(self.latency.iter().map(value)),
        }
    }
}
