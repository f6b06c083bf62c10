//! Units as processes of this machine, each in its own process group.
//!
//! A unit outlives its supervisor: its output goes to a file, not to a pipe that would break,
//! and what is needed to find it again is on disk before it is needed. A process is known by its
//! id *and* the time it began, so an id that was given to a stranger is never signalled.
//!
//! Units run with the rights of the supervisor and see the same machine: this is a runtime for
//! one's own programs, not a sandbox.

mod handle;
mod identity;
mod log;
mod record;
mod supervise;
mod supervisor;

pub use supervisor::ProcessRuntime;
