//! What a router reports: the table that it serves, what is in flight, and the judge's counters.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RouteTable, Track, Upstream};

/// What a router serves and carries at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouterState {
    /// The table that new requests are divided by.
    pub table: RouteTable,
    /// The stable track.
    pub stable: TrackState,
    /// The candidate track.
    pub candidate: TrackState,
    /// Units that have left the table and still carry something: do not stop these yet.
    pub leaving: Vec<UnitLoad>,
}

impl RouterState {
    /// The state of this track.
    pub fn track(&self, track: Track) -> &TrackState {
        match track {
            Track::Stable => &self.stable,
            Track::Candidate => &self.candidate,
        }
    }
}

/// One track: what its units carry now, and what it has answered so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrackState {
    /// What each unit of the track carries, whatever track it was on when that began.
    pub units: Vec<UnitLoad>,
    /// What the track has answered since the router began; compare two readings.
    pub counters: Counters,
}

impl TrackState {
    /// Requests, streams and tunnels that the units of the track have not finished.
    pub fn in_flight(&self) -> u64 {
        self.units.iter().map(UnitLoad::in_flight).sum()
    }
}

/// What one unit has begun and not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLoad {
    /// The unit.
    pub upstream: Upstream,
    /// Requests whose response has not been passed on to its end.
    pub requests: u64,
    /// Open `WebSocket`s and other upgraded connections.
    pub tunnels: u64,
}

impl UnitLoad {
    /// Requests and tunnels together.
    pub fn in_flight(&self) -> u64 {
        self.requests + self.tunnels
    }
}

/// Requests of one track by how they ended, and how long the heads of their responses took.
///
/// A request is counted on the track that it was given to. All numbers only grow.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counters {
    /// Requests that the track has answered or failed to answer. One that was passed on to
    /// another unit of the track because no connection could be made counts for each.
    pub requests: u64,
    /// Responses of units with a status of 500 or more.
    pub server_errors: u64,
    /// Requests for which no connection to a unit could be made.
    pub connect_failures: u64,
    /// Requests whose response did not begin in time.
    pub timeouts: u64,
    /// Requests that a unit broke off, before the head of the response or after it.
    pub broken: u64,
    /// Time from the request's head to the response's head.
    pub latency: Histogram,
}

impl Counters {
    /// What was added since an earlier reading of the same track.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            server_errors: self.server_errors.saturating_sub(earlier.server_errors),
            connect_failures: self.connect_failures.saturating_sub(earlier.connect_failures),
            timeouts: self.timeouts.saturating_sub(earlier.timeouts),
            broken: self.broken.saturating_sub(earlier.broken),
            latency: self.latency.since(&earlier.latency),
        }
    }

    /// Requests that the track failed to answer properly.
    pub fn errors(&self) -> u64 {
        self.server_errors + self.connect_failures + self.timeouts + self.broken
    }
}

/// A histogram over fixed logarithmic buckets, four to each doubling: a quantile is exact to 19 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    counts: Vec<u64>,
}

impl Histogram {
    /// How many buckets there are; the last holds everything from 234 seconds up.
    pub const BUCKETS: usize = 104;

    /// A histogram with these counts; missing buckets are empty.
    pub fn from_counts(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut counts: Vec<u64> = counts.into_iter().take(Self::BUCKETS).collect();
        counts.resize(Self::BUCKETS, 0);
        Self { counts }
    }

    /// The bucket of a duration: the place of its leading bit, and the two bits after that.
    pub fn bucket(duration: Duration) -> usize {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).max(4);
        let octave = micros.ilog2();
        let quarter = (micros >> (octave - 2)) & 3;
        let index = u64::from(octave - 2) * 4 + quarter;
        usize::try_from(index).unwrap_or(usize::MAX).min(Self::BUCKETS - 1)
    }

    /// The smallest duration above everything that the bucket holds.
    pub fn upper_bound(bucket: usize) -> Duration {
        let bucket = bucket.min(Self::BUCKETS - 1) as u64;
        Duration::from_micros((bucket % 4 + 5) << (bucket / 4))
    }

    /// How many durations each bucket holds.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    fn since(&self, earlier: &Self) -> Self {
        let pairs = self.counts.iter().zip(&earlier.counts);
        Self::from_counts(pairs.map(|(now, before)| now.saturating_sub(*before)))
    }

    /// How many durations were recorded.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The upper bound of the bucket that holds this quantile in parts of a thousand.
    pub fn quantile(&self, per_mille: u64) -> Option<Duration> {
        let rank = (self.total() * per_mille.min(1_000)).div_ceil(1_000).max(1);
        let mut below = 0;
        let holds_rank = |count: &u64| {
            below += count;
            below >= rank
        };
        self.counts.iter().position(holds_rank).map(Self::upper_bound)
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::from_counts([])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_ends_where_the_next_begins() {
        for bucket in 0..Histogram::BUCKETS - 1 {
            let end = Histogram::upper_bound(bucket);
            assert_eq!(Histogram::bucket(end), bucket + 1, "{end:?}");
            let just_before = end.saturating_sub(Duration::from_micros(1));
            assert_eq!(Histogram::bucket(just_before), bucket, "{end:?}");
        }
        assert_eq!(Histogram::bucket(Duration::ZERO), 0);
        assert_eq!(Histogram::bucket(Duration::MAX), Histogram::BUCKETS - 1);
    }

    #[test]
    fn a_quantile_is_the_end_of_the_bucket_that_holds_it() {
        let mut counts = [0; Histogram::BUCKETS];
        counts[Histogram::bucket(Duration::from_millis(1))] = 99;
        counts[Histogram::bucket(Duration::from_secs(1))] = 1;
        let histogram = Histogram::from_counts(counts);
        assert!(histogram.quantile(990).expect("not empty") < Duration::from_micros(1_250));
        assert!(histogram.quantile(991).expect("not empty") > Duration::from_secs(1));
        assert_eq!(Histogram::default().quantile(500), None);
    }
}
