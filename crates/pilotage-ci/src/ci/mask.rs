//! Secrets that a CI system must not show.

use pilotage_redact::Redactor;
use pilotage_redact::runner::{Command, Runner, commands};

use super::{CiError, Closing, Files};
use crate::surface::Surface;

/// What tells the runner to mask this value from now on, also in what others print.
///
/// **Each line holds the secret.** It may be printed only where the runner reads it: to the job's
/// own log, never to a file, a pipe or another process. On a terminal and in a plain log there is
/// nobody to tell, and so there is nothing to print.
pub fn mask(surface: Surface, value: &[u8]) -> Vec<Command> {
    match surface {
        Surface::Terminal | Surface::Plain => Vec::new(),
        Surface::GitHub => commands(Runner::GitHub, value),
        Surface::Azure => commands(Runner::Azure, value),
    }
}

/// The same as [`finish`](super::finish()), where secrets are known: they reach neither the outputs nor the summary
/// nor what is printed.
pub fn finish_masked(
    surface: Surface,
    closing: &Closing,
    files: &Files,
    redactor: &Redactor,
) -> Result<String, CiError> {
    super::finish::told(surface, closing, files, redactor)
}
