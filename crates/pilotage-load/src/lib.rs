//! Load that never retries, so that what a deploy loses is seen and counted.
//!
//! A [`Load`] is a number of clients, each with an [`Errand`] that it runs again and again at a
//! fixed [`Rate`]: ordinary requests over connections that are kept alive, slow ones, streaming
//! uploads, `WebSocket`s. Every request carries a number of its own, in [`REQUEST_HEADER`], so that
//! whoever processes it can report it; a [`Witness`] hears of each departure and arrival.
//!
//! Requests leave when they are due, however late the last answer was, and are timed from then:
//! a stall of the service is a stall of all who would have asked meanwhile. Nothing is sent twice
//! and no error is forgiven.
//!
//! It deliberately judges nothing: what may fail, and who may answer, is known to the witness.
//! One generator serves the demonstration, the tests and the benches.

mod answer;
mod errand;
mod load;
mod tally;
mod witness;

pub use answer::{Answer, Loss, Outcome};
pub use errand::{Errand, Get, Socket, Upload};
pub use load::{Load, Rate, Stopping};
pub use tally::{Tally, Totals};
pub use witness::{RequestId, Witness};

/// The header in which a request carries its number.
pub const REQUEST_HEADER: &str = "x-request-id";
/// The header in which a service names its release.
pub const RELEASE_HEADER: &str = "x-pilotage-release";
/// The header in which a service says how many bytes of a body it has received.
pub const RECEIVED_HEADER: &str = "x-received-bytes";
