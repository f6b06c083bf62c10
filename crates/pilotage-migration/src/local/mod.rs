//! This machine as the place beside the database: workers that outlive whoever has them started,
//! and programs that do not outlive their worker.
//!
//! What it guarantees, on Linux:
//!
//! - **A worker outlives its job**: it has a session of its own, and nothing that a CI runner
//!   looks for when it ends what a job has left behind.
//! - **Whether a worker lives is said by the kernel**: it inherits a locked file, so that there is no
//!   moment at which a live one looks dead, and none at which a dead one looks alive.
//! - **A program does not outlive its worker**, not even one that is killed: a warden between them
//!   ends the whole group of the program when the worker is gone.
//! - **Nothing is read that is not bounded**, and no secret that is known goes into what is kept.
//!
//! What it deliberately does not do: follow a descendant that leaves the group of its program, or
//! start anything on another machine.

mod desk;
mod files;
mod group;
mod listen;
mod memory;
mod program;
mod runner;
mod tail;

pub use desk::Desk;
pub use program::LocalProgram;
pub use runner::LocalRunner;
