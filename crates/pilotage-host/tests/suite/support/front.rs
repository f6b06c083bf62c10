//! A served proxy and the usual tables.

use std::net::SocketAddr;

use pilotage_host::proxy::{Limits, Proxy};
use pilotage_host::router::{Generation, RouteTable, Router, RouterState, Share, Track, Upstream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{eventually, within};

pub(crate) struct Front {
    pub(crate) proxy: Proxy,
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Front {
    pub(crate) async fn start() -> Self {
        Self::start_within(Limits::default()).await
    }

    pub(crate) async fn start_within(limits: Limits) -> Self {
        let proxy = Proxy::new(limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = proxy.clone();
        let serving = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            served.serve(listener, stopped).await;
        });
        Self { proxy, address, stop, serving }
    }

    /// Serves the next table.
    pub(crate) async fn route(&self, stable: &[Upstream], candidate: &[Upstream], points: u16) {
        let generation = self.read().await.table.generation().next();
        self.proxy.apply(table(generation, stable, candidate, points)).await.expect("newer");
    }

    pub(crate) async fn read(&self) -> RouterState {
        self.proxy.read().await.expect("in this process")
    }

    /// Waits until the track carries nothing.
    pub(crate) async fn drained(&self, track: Track) {
        let idle = || async { self.read().await.track(track).in_flight() == 0 };
        eventually("the track to drain", idle).await;
    }

    pub(crate) async fn stop(self) {
        self.stop.send(()).expect("serving");
        within("the proxy to stop", self.serving).await.expect("no panic");
    }
}

pub(crate) fn table(
    generation: Generation,
    stable: &[Upstream],
    candidate: &[Upstream],
    points: u16,
) -> RouteTable {
    let share = Share::from_basis_points(points).expect("a share");
    RouteTable::weighted(generation, stable.to_vec(), candidate.to_vec(), share).expect("a table")
}
