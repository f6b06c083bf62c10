//! The built-in proxy: one address in front, two weighted tracks of units behind.
//!
//! HTTP/1.1 with keep-alive on both sides, HTTP/2 with prior knowledge, `WebSocket`s and other
//! upgrades; bodies are streamed both ways and never gathered. A change of routes is the swap of
//! one immutable table: there is no reload, no second generation of workers, and no connection
//! of a client is closed for it. A request finishes on the unit where it began, and a tunnel stays
//! there until it is told to close.
//!
//! It guarantees that a unit which is not in the table is sent nothing, and that a unit which
//! reads as idle after it lost its share stays idle. It sends a request twice only where that
//! cannot be noticed (see the `forward` module), and never moves a request to the other track,
//! which would hide from the judge what the candidate does.
//!
//! It deliberately does not terminate TLS, check health or choose weights.

mod body;
mod choice;
mod connection;
mod counters;
mod failure;
mod forward;
mod frames;
mod headers;
mod limits;
mod routes;
mod server;
mod sniff;
mod tunnel;
mod unit;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::router::{RouteTable, Router, RouterError, RouterState, Upstream};

pub use limits::Limits;
use routes::Routes;
use unit::Unit;

/// A handle to the built-in proxy; clones are the same proxy.
///
/// It begins with a closed table: until [`Router::apply`], every request is answered with 503.
#[derive(Debug, Clone)]
pub struct Proxy {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    routes: Routes,
    limits: Limits,
}

impl Proxy {
    /// A proxy within these limits.
    pub fn new(limits: Limits) -> Self {
        Self { shared: Arc::new(Shared { routes: Routes::default(), limits }) }
    }

    /// Serves this listener until `stop` resolves: then no connection is accepted, requests in
    /// flight finish and tunnels are closed properly, at most for [`Limits::close_grace`].
    ///
    /// Dropping the future ends every connection at once.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        server::serve(self.shared.clone(), listener, stop).await;
    }

    async fn end_tunnels(&self, unit: &Unit) -> usize {
        let open = unit.ask_tunnels_to_close();
        // A frame under way, the close and its answer: each has the grace. Whatever remains is
        // still counted as a tunnel when the state is read.
        let _ = timeout(self.shared.limits.close_grace * 3, unit.tunnels_closed()).await;
        open
    }
}

#[async_trait]
impl Router for Proxy {
    async fn read(&self) -> Result<RouterState, RouterError> {
        Ok(self.shared.routes.read())
    }

    async fn apply(&self, table: RouteTable) -> Result<(), RouterError> {
        for unit in self.shared.routes.apply(table)? {
            unit.forget_connections();
        }
        Ok(())
    }

    async fn close_tunnels(&self, unit: Upstream) -> Result<usize, RouterError> {
        match self.shared.routes.unit(unit) {
            Some(unit) => Ok(self.end_tunnels(&unit).await),
            None => Ok(0),
        }
    }
}
