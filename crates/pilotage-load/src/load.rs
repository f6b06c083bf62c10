//! Clients at work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use crate::{Errand, RequestId, Witness};

/// How many clients there are, and how often each of them asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The clients.
    pub clients: u32,
    /// The time between two requests of one client, which must not be zero.
    pub pace: Duration,
}

/// Clients at work, until they are stopped or dropped.
#[derive(Debug)]
pub struct Load {
    sent: Arc<AtomicU64>,
    stop: watch::Sender<bool>,
    clients: JoinSet<()>,
}

impl Default for Load {
    fn default() -> Self {
        Self { sent: Arc::default(), stop: watch::Sender::new(false), clients: JoinSet::new() }
    }
}

impl Load {
    /// Sends more clients on this errand; `errand` makes one for each of them.
    pub fn send<E: Errand>(
        &mut self,
        rate: Rate,
        witness: &Arc<impl Witness>,
        mut errand: impl FnMut() -> E,
    ) {
        for number in 0..rate.clients {
            let client = Client {
                errand: errand(),
                lag: rate.pace * number / rate.clients,
                pace: rate.pace,
                sent: self.sent.clone(),
                stopping: Stopping(self.stop.subscribe()),
                witness: witness.clone(),
            };
            self.clients.spawn(client.work());
        }
    }

    /// How many requests have been sent so far; their numbers are the ones below.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// Lets every client finish its request, and ends.
    pub async fn stop(self) -> u64 {
        self.stop.send_replace(true);
        self.clients.join_all().await;
        self.sent.load(Ordering::SeqCst)
    }
}

/// Whether the load is being stopped.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Whether it is.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is.
    pub async fn begins(&mut self) {
        // A load that was dropped has stopped as well.
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}

struct Client<E, W> {
    errand: E,
    /// How much later than the first client this one begins, so that they do not ask in step.
    lag: Duration,
    pace: Duration,
    sent: Arc<AtomicU64>,
    stopping: Stopping,
    witness: Arc<W>,
}

impl<E: Errand, W: Witness> Client<E, W> {
    async fn work(mut self) {
        let mut ticks = ticks(self.lag, self.pace).await;
        while let Some(due) = self.next_due(&mut ticks).await {
            let request = RequestId(self.sent.fetch_add(1, Ordering::SeqCst));
            self.witness.departs(request);
            let outcome = self.errand.run(request, &mut self.stopping).await;
            self.witness.arrives(request, due.elapsed(), &outcome);
        }
    }

    async fn next_due(&mut self, ticks: &mut Interval) -> Option<Instant> {
        tokio::select! {
            biased;
            () = self.stopping.begins() => None,
            due = ticks.tick() => Some(due),
        }
    }
}

/// Requests that are late leave at once and are timed from when they were due.
async fn ticks(lag: Duration, pace: Duration) -> Interval {
    let mut ticks = interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let begin = ticks.tick().await;
    ticks.reset_at(begin + lag);
    ticks
}
