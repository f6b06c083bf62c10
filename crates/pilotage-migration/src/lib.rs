//! Migrations: which files there are, what each statement does to the version that is running, and
//! whether it may run now.
//!
//! - [`set`] finds the files of a migrator, decodes them, and reads their annotations and phases.
//! - [`sql`] cuts text into statements as the client of the server does.
//! - `postgres` and `mysql` say what a statement does: which [`rule`]s it runs into, which lock it
//!   takes, how long it works, and whether it may run in a transaction.
//! - [`lint`] puts both together for a whole set, with what earlier statements established.
//! - [`gate`] decides whether a contract file may run beside the versions that are running.
//! - [`render`] shows the result to people and machines.
//! - [`saga`] runs them: one worker at a time, each exactly once, whoever dies on the way.
//! - [`local`] has workers and programs run on this machine.
//!
//! What it guarantees:
//!
//! - It fails closed: what cannot be read, or is not known by name, is a finding that stops the
//!   release until a person allows it with a reason.
//! - Everything but [`set::read`], the saga and what is local is a pure function of its input.
//! - Input from outside cannot exhaust the stack or the memory.
//!
//! What it deliberately does not do: talk to a server (the effect is read from the text, and where
//! it depends on what exists, the worse case is reported), or know a target. The saga speaks to roles.

pub mod gate;
pub mod lint;
#[cfg(target_os = "linux")]
pub mod local;
mod mysql;
mod postgres;
pub mod reading;
pub mod render;
pub mod rule;
pub mod saga;
mod server;
pub mod set;
pub mod sql;

pub use server::{Engine, Number, Server, UnknownServer};
