//! The vocabulary between the engine and any target: what can be seen, asked and answered.
//!
//! It was checked on paper against ECS services, host fleets and Kubernetes workloads; the table
//! is in `ARCHITECTURE.md`. Groups are named by the *release* that they run, not by colour or
//! slot, so that after a cut-over nothing needs to be renamed and nothing can be mixed up.

mod action;
mod capability;
mod observation;
mod outcome;

pub use action::{Action, Fence, MigrationId, Order, Stamp};
pub use capability::{Capabilities, Fencing, RollingControl, TrafficControl};
pub use observation::{Delegation, Failing, Group, Observation, Schema};
pub use outcome::{Outcome, ReadFailure, Rejection};
