//! How a task fails, and what the shell is told.

use std::process::ExitCode;

use pilotage_xtask::release::ReleaseFailure;
use pilotage_xtask::tally::Tally;
use pilotage_xtask::{Error, terminal};

/// Why a task did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Task(#[from] Error),
    #[error(transparent)]
    Release(#[from] ReleaseFailure),
    #[error("{0} findings; each line above says what to do")]
    Findings(usize),
    #[error("tests failed: {0}")]
    Tests(Tally),
    #[error("`{system}` does not run: {reason}")]
    NotRun { system: String, reason: String },
    #[error("advisories could not be checked: {0}; run this where the database can be reached")]
    Advisories(String),
    #[error("failed: {}; run `cargo xtask ci` to repeat", .0.join(", "))]
    Steps(Vec<&'static str>),
    #[error("there is no parser `{wanted}`; there are: {}", .known.join(", "))]
    NoParser { wanted: String, known: Vec<String> },
}

impl Failure {
    /// Prints the failure with its causes, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        terminal::complain(self);
        match self {
            Self::Release(error) => error.exit_code().into(),
            _ if self.is_interrupt() => terminal::INTERRUPTED.into(),
            _ => ExitCode::FAILURE,
        }
    }

    /// Whether somebody asked the task to stop.
    pub(crate) fn is_interrupt(&self) -> bool {
        matches!(self, Self::Task(Error::Interrupted { .. }))
    }
}
