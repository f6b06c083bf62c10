//! The rollout engine: from a plan to a verdict, as one pure and total function.
//!
//! Every strategy (rolling, blue/green, canary) compiles to a [`Ramp`]; the planner turns a
//! request and the live state into a [`Plan`]; [`Run::advance`] takes one [`Event`] and says the
//! one [`Effect`] that comes next. Live runs and journal replay use the same function.
//!
//! The crate is `no_std`: the compiler proves that it reads no clock, starts no thread, touches
//! no file and talks to nobody. Time and observations come in as events, effects go out as data.
//!
//! It deliberately knows no platform. What a *unit* or a *share* is made of on ECS, on a host or
//! in Kubernetes is the business of the adapters above.

#![no_std]

extern crate alloc;

pub mod gate;
pub mod journal;
pub mod plan;
pub mod ramp;
pub mod run;
pub mod target;

mod share;
mod time;
mod verdict;

pub use plan::{Plan, PlanId};
pub use ramp::{Ramp, Step};
pub use run::{Effect, Event, Run};
pub use share::{InvalidShare, Share};
pub use target::{Action, Capabilities, Fence, Observation};
pub use time::{Moment, Span};
pub use verdict::{Cause, ExitCode, Verdict};
