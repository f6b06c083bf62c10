//! One unit as the proxy knows it: what it carries, and its idle connections.
//!
//! A unit keeps its state across tables for as long as it is in one, whatever track it is on:
//! its in-flight numbers are what a drain waits for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::client::conn::{http1, http2};
use tokio::sync::watch;

use crate::os::now;
use crate::router::{Track, UnitLoad, Upstream};

use super::body::RequestBody;
use super::counters::TrackCounters;

/// A connection to a unit that carries one request at a time.
pub(super) type Http1Sender = http1::SendRequest<RequestBody>;
/// A connection to a unit that carries many requests.
pub(super) type H2cSender = http2::SendRequest<RequestBody>;

/// One unit of a track.
#[derive(Debug)]
pub(super) struct Unit {
    upstream: Upstream,
    requests: AtomicU64,
    /// Each tunnel holds a receiver; a value asks them all to close.
    tunnels: watch::Sender<()>,
    idle: Mutex<Vec<Idle>>,
    /// The one HTTP/2 connection; the lock is held while it is made, so that only one is.
    shared: tokio::sync::Mutex<Option<H2cSender>>,
}

#[derive(Debug)]
struct Idle {
    sender: Http1Sender,
    since: Instant,
}

impl Unit {
    pub(super) fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            requests: AtomicU64::default(),
            tunnels: watch::Sender::default(),
            idle: Mutex::default(),
            shared: tokio::sync::Mutex::default(),
        }
    }

    pub(super) fn upstream(&self) -> Upstream {
        self.upstream
    }

    /// What the unit carries. The order matters to the proof in [`Claim`].
    pub(super) fn load(&self) -> UnitLoad {
        UnitLoad {
            upstream: self.upstream,
            requests: self.requests.load(Ordering::SeqCst),
            tunnels: self.tunnels.receiver_count() as u64,
        }
    }

    /// The place of one more tunnel, which ends when the receiver is dropped.
    pub(super) fn open_tunnel(&self) -> watch::Receiver<()> {
        self.tunnels.subscribe()
    }

    /// Asks every tunnel to close; returns how many there were.
    pub(super) fn ask_tunnels_to_close(&self) -> usize {
        let open = self.tunnels.receiver_count();
        self.tunnels.send_replace(());
        open
    }

    /// Waits until there are no tunnels.
    pub(super) async fn tunnels_closed(&self) {
        self.tunnels.closed().await;
    }

    /// The idle connection that was used last, if it is still fit for use.
    pub(super) fn take_idle(&self, limit: Duration) -> Option<Http1Sender> {
        let mut idle = self.idle();
        while let Some(last) = idle.pop() {
            if now().duration_since(last.since) > limit {
                // What lies below has idled even longer.
                idle.clear();
            } else if last.sender.is_ready() {
                return Some(last.sender);
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep_idle(&self, sender: Http1Sender, most: usize) {
        let mut idle = self.idle();
        if idle.len() < most {
            idle.push(Idle { sender, since: now() });
        }
    }

    /// Closes connections that nobody will use.
    pub(super) fn forget_connections(&self) {
        self.idle().clear();
        if let Ok(mut shared) = self.shared.try_lock() {
            *shared = None;
        }
    }

    pub(super) fn shared(&self) -> &tokio::sync::Mutex<Option<H2cSender>> {
        &self.shared
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        // A list of connections cannot be left half-changed by a panic.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request on one unit: counted from before the request is sent until its response has ended.
///
/// A claim is made in sequentially consistent order *before* the generation of the table is
/// compared again, and a drain reads the load *after* it has changed that generation. So either
/// the drain sees the claim, or the claimant sees the new table and lets go: a unit whose load
/// reads zero after it lost its share gets no further request.
#[derive(Debug)]
pub(super) struct Claim {
    unit: Arc<Unit>,
    track: Track,
    counters: Arc<TrackCounters>,
}

impl Claim {
    pub(super) fn new(unit: Arc<Unit>, track: Track, counters: Arc<TrackCounters>) -> Self {
        unit.requests.fetch_add(1, Ordering::SeqCst);
        Self { unit, track, counters }
    }

    pub(super) fn unit(&self) -> &Arc<Unit> {
        &self.unit
    }

    pub(super) fn track(&self) -> Track {
        self.track
    }

    pub(super) fn counters(&self) -> &TrackCounters {
        &self.counters
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.unit.requests.fetch_sub(1, Ordering::SeqCst);
    }
}
