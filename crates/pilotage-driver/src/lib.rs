//! The driver: performs what a run wants, writes it down first, and keeps the lease meanwhile.
//!
//! The engine in `pilotage-rollout` decides; this crate only *does*: it asks the engine for the
//! next effect, performs it through a role trait under a deadline, appends what happened to the
//! journal, and feeds it back. This is where asynchrony, clocks and files begin.
//!
//! What it guarantees:
//!
//! - An order is given to a target only after its intent is durable and while the lease is held.
//! - Every event is durable before the run acts upon it, so a process that dies at any instant
//!   leaves a journal from which another goes on.
//! - Two drivers cannot both go on with one journal.
//! - Every call has a deadline; nothing is retried here.
//!
//! What it deliberately does not do: decide anything about a rollout, know any platform, or start
//! threads and tasks that outlive a call.

pub mod drive;
pub mod file;
pub mod journal;
pub mod lease;
pub mod role;
