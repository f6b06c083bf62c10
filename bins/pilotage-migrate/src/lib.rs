//! `pilotage-migrate`: says whether migrations may run beside the version that serves, and runs
//! them: one worker at a time, each migration once, whoever dies on the way.
//!
//! It parses, composes, calls once and maps the outcome to an exit code. Data goes to stdout,
//! everything else to stderr. It is a library so that one binary can hold it beside other programs:
//! [`main`] is all of the program, [`SagaMigrator`] is the role in a deploy.
//!
//! What it guarantees:
//!
//! - **A job that dies takes nothing with it**: the worker is another process, and the next job
//!   attaches to it.
//! - **No known secret is shown**: every line that leaves the program goes through one veil.
//!
//! What it deliberately does not do: undo a migration, or guess what became of one.

mod annotate;
mod args;
pub mod berth;
mod command;
mod ending;
mod failure;
mod migrator;
mod place;
mod program;
mod runner;
mod set;
mod settings;
mod store;
mod surroundings;
mod verb;
mod voice;

pub use command::main;
pub use failure::Failure;
pub use migrator::SagaMigrator;
pub use settings::Settings;
