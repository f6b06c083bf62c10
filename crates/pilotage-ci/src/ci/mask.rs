//! Secrets that a CI system must not show.

use pilotage_redact::Redactor;

use super::{CiError, Closing, Files};
use crate::surface::Surface;

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
