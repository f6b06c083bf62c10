//! A lease: time-bound single ownership of one thing, with a number that only grows.
//!
//! One record for each thing, in a store that can compare and swap; everything else is here. The
//! protocol is a pure state [`machine`]: what was seen, what was answered, the time of the local
//! clock and random numbers come in as data, and what to ask of the store comes out. The model
//! checker and the [`client`] run the very same code.
//!
//! What it guarantees, given a store that compares and swaps:
//!
//! - **One owner a fence.** Each taking, also one by hand-over, has a fence above all before it.
//! - **Nobody is robbed who may rely upon the lease.** A record is taken for stale only if its
//!   version was unchanged for its own term, as measured on the taker's monotonic clock; a holder
//!   stops relying on it after two thirds of the term, as measured on its own. Clocks of two
//!   machines are never compared, and their rates may differ by half.
//! - **A lost answer is not a lost lease.** Whoever does not know what became of a write reads it
//!   back, by owner and version.
//! - **The record is never deleted**, so fences never begin anew.
//! - **What a person holds, no machine takes.**
//!
//! What it deliberately does not do: make a suspended process harmless. Between its last look at
//! the clock and its next write, any length of time may pass; only the thing that is written to
//! can refuse an old fence. Claim the fence there before the first read that is acted upon.

pub mod client;
mod hold;
pub mod machine;
mod name;
mod owner;
mod record;
mod store;
mod term;
mod ticket;
mod witness;

pub use hold::Hold;
pub use name::{BadName, LeaseName};
pub use owner::{NoRandomness, OwnerId};
pub use pilotage_rollout::{Fence, Moment, Span};
pub use record::{Card, Record, Tenancy, Tenure};
#[cfg(feature = "mock")]
pub use store::MockLeaseStore;
pub use store::{Course, LeaseStore, Proposal, StoreFailure, Stored, Tag, Written};
pub use term::{BadTerm, Term};
pub use ticket::{BadTicket, Ticket};
#[cfg(feature = "mock")]
pub use witness::MockWitness;
pub use witness::{NoWitness, Witness};
