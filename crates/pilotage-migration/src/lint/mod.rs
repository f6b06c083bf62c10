//! From files to a report.
//!
//! One [`Linter`] goes through the files of a set in their order and carries what they establish.
//! For each statement it asks the classifier of the dialect, applies the annotations, and adds what
//! only the whole file shows: its phase, its transaction, its form.
//!
//! Guarantees: a report names every statement that was read, with its effect, so that the runner
//! needs no second opinion; the same input gives the same report. Only [`lint_entries`] reads
//! files, one after the other, so that no more than one is in memory.

mod entries;
mod file;
mod flow;
mod judge;
mod options;
mod report;
mod statement;

pub use entries::lint_entries;
pub use file::Linter;
pub use options::{FailOn, Options};
pub use report::{Allowed, FileReport, Outcome, Report, Reported, Severity, StatementReport};
