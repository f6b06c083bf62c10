//! The program `pilotage-secret` as a library, so that all of it can be run with other sources.
//!
//! What it guarantees: a value leaves this program in three ways alone, into the child of `exec`,
//! into the file of `resolve --env-file`, and to the stdout of `resolve --values` unless that is a
//! terminal. No message, error or report has one, whatever fails.
//!
//! What it deliberately does not do: write or rotate secrets.

mod args;
mod command;
mod concealment;
mod env_file;
mod exec;
mod failure;
mod files;
mod pins;
mod scope;
mod source;
mod verb;
mod warden;
mod world;

pub use command::run;
pub use source::Sources;
pub use warden::stand_guard;
pub use world::World;
