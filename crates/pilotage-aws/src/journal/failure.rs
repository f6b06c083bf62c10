//! What a failed call means for a journal.

use std::io;

use pilotage_driver::role::StoreError;
use pilotage_rollout::journal::RunId;

use super::LARGEST;
use crate::Failure;

/// A store that did not answer as it should; whether it wrote anything is then unknown.
pub(super) fn unavailable(place: String, reason: String, failure: Failure) -> StoreError {
    StoreError::Unavailable { place, reason, source: Some(io::Error::other(failure)) }
}

/// A journal with more bytes than are read.
pub(super) fn too_large(run: &RunId, bytes: u64) -> StoreError {
    StoreError::TooLarge { run: run.clone(), bytes, limit: LARGEST }
}
