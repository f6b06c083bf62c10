//! Amazon ECS as a target, in two ways: [`EcsTarget`] is a service that ECS rolls, [`EcsPair`] are two
//! services behind one rule of a load balancer, which the engine drives for blue/green and canary.
//!
//! A service on its own is rolled by ECS itself: it is asked once and watched. What counts is the
//! *deployment* that the one `UpdateService` has begun, by its id. "Stable", "one deployment left", "the
//! service names our task definition" are all true as well after ECS has gone back, and prove nothing.
//!
//! - **Success is that deployment, primary and completed.** One that failed, was taken back, was
//!   overtaken by somebody else's or is gone is told as that; see [`mod@fate`].
//! - **A task definition is copied whole**, with what nobody here has heard of, and told by what it
//!   contains: the digest of a release is that of its task definition; see [`content`].
//! - **Nothing is sent that need not change**: never a number of tasks, no second `UpdateService`.
//! - **A write is sent once.** Where its answer is lost, the next look tells what became of it.
//! - **A deployment that ECS leads through stages is told by ECS's record of it**, waits at its hooks for
//!   the gates of the run, and is taken back by ECS.
//! - **What cannot heal is said at once**, in ECS's own words and with what helps; see [`symptom`].
//!
//! It has no waiter, no timer and no retry of its own: when to look again is the engine's decision.

mod apply;
mod candidate;
mod catalogue;
mod delegation;
mod explain;
pub mod fate;
mod groups;
mod known;
mod memory;
mod observe;
mod outcome;
mod pair;
mod prune;
mod register;
pub mod rollback;
mod staged;
pub mod symptom;
mod tag;
mod target;

pub use candidate::{Candidate, CandidateError};
pub use pair::{EcsPair, InvalidPair, PairPlace, Side};
pub use pilotage_ecs_task::content;
pub use pilotage_ecs_task::images::{Images, NoContainer};
pub use register::RegisterError;
pub use target::{ComposeError, EcsTarget};
