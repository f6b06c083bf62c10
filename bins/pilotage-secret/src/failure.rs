//! Why a command was not done, with what the process returns.

use core::error::Error;

use pilotage_cli::{ConfigError, PlatformError};
use pilotage_rollout::ExitCode;

/// Why a command was not done.
pub(crate) type Failure = PlatformError;

/// What came of a command; a child's code is passed through.
pub(crate) type Done<T = ExitCode> = Result<T, Failure>;

/// What was given is wrong.
pub(crate) fn wrong(what: impl Into<String>) -> Failure {
    PlatformError::new(ExitCode::Usage, what)
}

/// Something of this machine did not do its part.
pub(crate) fn failed(
    what: impl Into<String>,
    source: impl Error + Send + Sync + 'static,
) -> Failure {
    wrong(what).because(source)
}

/// The configuration is wrong.
pub(crate) fn config(error: ConfigError) -> Failure {
    let help = error.help();
    let failure = failed("the configuration cannot be used", error);
    help.into_iter().fold(failure, Failure::help)
}
