//! How a bench or a simulation fails, and what the shell is told.

use std::process::ExitCode;

use pilotage_xtask::{Error, terminal};

/// Why something was not met.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Task(#[from] Error),
    #[error("{violations} promises were broken; replay a tape above with `cargo xtask sim --tape`")]
    Violations { violations: u64 },
    #[error("no run has shown that {}; the simulator has gone blind there", .marks.join(", that "))]
    MarksMissed { marks: Vec<&'static str> },
    #[error("planted and not caught: {}; the checks are too weak", .bugs.join(", "))]
    Loose { bugs: Vec<&'static str> },
    #[error("missed: {}", .0.join(", "))]
    Bars(Vec<String>),
    #[error("there is no bench `{wanted}`; there are: {}", .known.join(", "))]
    NoBench { wanted: String, known: Vec<&'static str> },
}

impl Failure {
    /// Prints the failure with its causes, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        terminal::complain(self);
        let interrupted = matches!(self, Self::Task(Error::Interrupted { .. }));
        if interrupted { terminal::INTERRUPTED.into() } else { ExitCode::FAILURE }
    }
}
