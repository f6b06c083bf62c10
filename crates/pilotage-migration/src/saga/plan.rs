//! From files to what is run.

use crate::lint::{Options, Report};
use crate::set::{Entry, SetError};

use super::script::{Script, ScriptName};

/// A set of files, as it was read once: what is known of it, and what is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the lint found; whether it stops the release is the caller's to say.
    pub report: Report,
    /// What is run, in this order.
    pub scripts: Vec<Script>,
}

/// Files cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// One cannot be read.
    #[error(transparent)]
    Unread(#[from] SetError),
    /// One cannot be run as it is.
    #[error("`{script}` cannot be run: {reason}")]
    Unfit {
        /// Which.
        script: ScriptName,
        /// Why, and what to do.
        reason: String,
    },
}

/// Reads these files one after the other, lints them, and says how they are run.
pub fn plan(entries: &[Entry], options: Options) -> Result<Plan, PlanError> {
    let report = crate::lint::lint_entries(entries, options)?;
    Ok(Plan { report, scripts: Vec::new() })
}
