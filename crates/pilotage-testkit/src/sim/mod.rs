//! The simulator: the production engine in worlds where anything can go wrong.
//!
//! A hand-written, deterministic executor (no runtime, no threads, no real time) drives the very
//! [`Run`](pilotage_rollout::Run) that production drives, against an executable reference model of
//! each kind of target, and holds every invariant against the *world* after every event. All that
//! is left to chance comes from one labelled source, so a run is a function of its [`Tape`].
//!
//! - [`explore::swarm`] draws seeds; [`explore::exhaust`] enumerates every fault, every crash and
//!   their pairs; [`explore::shrink`] makes a failing tape as short as it can be.
//! - [`Bug`] plants known bugs, those of the peers first, to prove that the checks can fail.
//! - [`Mark`] counts situations that must really have occurred.
//!
//! It deliberately does not simulate the asynchronous driver, whose few lines are tested apart
//! under paused time, nor bytes on a wire.

pub mod check;
pub mod explore;
pub mod world;

mod bug;
mod choices;
mod label;
mod mark;
mod process;
mod scenario;
mod setup;
mod tape;
mod trial;
mod violation;
mod witness;

pub use bug::Bug;
pub use check::Ending;
pub use choices::{Choices, Passed};
pub use label::Label;
pub use mark::{Mark, Marks};
pub use scenario::{Behaviour, Kind, Old, Scenario, Schema, Start, Way};
pub use setup::planned;
pub use tape::{Deviation, InvalidTape, Tape};
pub use trial::{Failure, Stats, Trial, trial};
pub use violation::Violation;
