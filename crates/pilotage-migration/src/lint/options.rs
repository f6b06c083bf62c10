//! What a lint is told beforehand.

use crate::gate::Running;
use crate::server::Server;

use super::Severity;

/// What a lint is told beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Who will run the statements.
    pub server: Server,
    /// Whether the files are applied together, so that what one creates is new to the next.
    pub applied_together: bool,
    /// What runs in the environment, if contract files are to be decided upon.
    pub running: Option<Running>,
}

/// From which severity on a report is a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether a finding of this severity is a refusal.
    pub fn refuses(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Never => false,
        }
    }
}
