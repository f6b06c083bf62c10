//! The role of a router: which units get requests, in what shares, and what is still in flight.
//!
//! The router is the only truth about what is live: nothing is ever inferred from lists of
//! processes. A router is told a whole [`RouteTable`] at a time and reads back the one that it
//! serves; the generation in the table grows with every change, so a stale writer is refused.

mod observation;
mod table;

use async_trait::async_trait;

pub use observation::{Counters, Histogram, RouterState, TrackState, UnitLoad};
pub use table::{Affinity, Generation, InvalidTable, Protocol, RouteTable, Share, Track, Upstream};

/// Divides the requests of one address between the two tracks of a rollout.
///
/// Every method is idempotent and may be repeated after an unknown outcome. Cancelling a call
/// leaves the router either at the old table or at the new one, never between.
#[async_trait]
pub trait Router: std::fmt::Debug + Send + Sync {
    /// What the router serves now, as read from the router itself.
    async fn read(&self) -> Result<RouterState, RouterError>;

    /// Serves this table from the next request on; requests in flight finish where they began.
    ///
    /// The same table again changes nothing. A table whose generation is older than the one
    /// served, or equal to it with other content, is refused with [`RouterError::Stale`]: another
    /// writer was faster, so read again before deciding. The tunnels of a unit that left the table
    /// live on as well, until [`close_tunnels`](Self::close_tunnels).
    async fn apply(&self, table: RouteTable) -> Result<(), RouterError>;

    /// Ends the tunnels (`WebSocket`s and other upgraded connections) of this unit, whether it is
    /// in the table or has left it.
    ///
    /// A `WebSocket` gets a proper close, code 1001, between two frames. Returns how many tunnels
    /// were open, once they have all ended or the router's own short grace is over. Plain
    /// requests and streams are not touched.
    async fn close_tunnels(&self, unit: Upstream) -> Result<usize, RouterError>;
}

/// Why a router could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RouterError {
    /// The table follows from an old reading; stop, read again, decide again.
    #[error(
        "route table {offered} is refused because table {served} is served: another writer \
         changed the routes; read them again before deciding"
    )]
    Stale {
        /// The generation that is served.
        served: Generation,
        /// The generation that was offered.
        offered: Generation,
    },
    /// The router cannot be reached; the outcome of a write is unknown until it is read back.
    #[error("the router cannot be reached: {reason}")]
    Unreachable {
        /// What was tried and how it failed.
        reason: String,
    },
}
