//! Pieces of a task runner that any repository's `cargo xtask` may import.
//!
//! A task runner is code that people run as root on their own machine, so the pieces are plain
//! functions that can be tested: what can be decided from text is decided from text, and the few
//! places that touch the machine (start a process, read a file, read the clock) are one module
//! each. There is no async here, and no network but what `git push` does for a release.
//!
//! - [`main`] and [`App`]: a whole task runner in three lines; [`release`]: from commits to a tag.
//! - [`command`] and [`interrupt`]: run a program, say clearly why it failed, end it on Ctrl-C.
//! - [`system`]: real systems that tests need, started, found again and stopped by id.
//! - [`skipped`] and [`tally`]: what ran, what did not, in one closing line.
//! - [`bench`](mod@bench): one line for each measured case, beside its peer and its bar.
//! - [`tidy`]: rules about the text of a repository that compilers do not check.
//!
//! It deliberately does not know this repository: names of crates, systems and limits come from
//! the `xtask` that imports it.

mod app;
pub mod bench;
pub mod command;
mod error;
pub mod files;
pub mod interrupt;
pub mod metadata;
pub mod release;
pub mod skipped;
pub mod stopwatch;
pub mod system;
pub mod tally;
pub mod terminal;
pub mod tidy;

pub use app::{App, Run, TaskResult, ci_ref, main};
pub use error::Error;
