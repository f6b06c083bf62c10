//! The lease protocol, checked exhaustively: every interleaving of up to three processes.
//!
//! The processes run the very machine of `pilotage-lease`. Around it, this model has a store that
//! compares and swaps, a post office in which writes are lost, answered in vain, late or twice,
//! clocks, deaths, and a register: the thing that the lease is on, which each process reads,
//! changes and writes back. A process may stand still between any two of its steps for any time.
//!
//! What holds in every state that can be reached:
//!
//! - no two processes own under one fence, and the fence of the record never goes backwards;
//! - the register accepts no write under a fence below one that it has accepted;
//! - no acknowledged change is lost;
//! - where clocks differ by no more than half, no two processes rely upon the lease at once;
//! - from there, if nothing more goes wrong, every process comes to its end: no lost wake-up.
//!
//! It shows nothing about more processes, more faults or longer lives than a [`Scenario`] allows.
//! Visited states are kept as 64-bit fingerprints, of which two of a million agree by chance once
//! in some ten million explorations.

mod call;
mod explore;
mod liveness;
mod plant;
mod post;
mod process;
mod register;
mod report;
mod rules;
mod scenario;
mod step;
mod world;

pub use explore::explore;
pub use plant::Plant;
pub use report::{Breach, Report};
pub use scenario::Scenario;
