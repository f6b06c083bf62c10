//! The daemon of one service directory: its proxy, its units, and the orders that change them.
//!
//! ```text
//! socket ── orders ──▶ ledger ──▶ state file          one writer, under one lock
//!                        │
//!           reconciler ◀─┘──▶ units (processes) · route table (proxy) ◀── prober
//! ```
//!
//! An order changes the ledger, which is written down first; the reconciler then makes the
//! machine look like the ledger, again and again. So a daemon that is killed at any moment goes
//! on where it was: its units run on meanwhile, and only the routes are gone until it is back.
//!
//! It guarantees that an order under a stale fence, or one that a later order has overtaken,
//! changes nothing; that no unit gets traffic that has not answered its health check as its
//! release; and that no unit is stopped while its release has a share of the traffic.
//!
//! It deliberately decides nothing: when to grow, shift or go back is the engine's word.

mod daemon;
mod error;
mod health;
mod history;
mod host;
mod ledger;
mod observe;
mod reconcile;
mod routes;
mod serve;
mod state;
mod verbs;

pub use daemon::{Settings, run};
pub use error::HostdError;
