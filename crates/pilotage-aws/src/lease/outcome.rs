//! What a failed call means for a record.

use pilotage_lease::{StoreFailure, Written};

use crate::{Failure, Kind};

/// What became of a write that the service did not acknowledge.
pub(super) fn of_write(place: &str, failure: Failure) -> Result<Written, StoreFailure> {
    match failure.kind() {
        Kind::Conflict => Ok(Written::Refused),
        _ if failure.may_have_happened() => Ok(Written::Unknown { reason: failure.to_string() }),
        _ => Err(unusable(place, failure)),
    }
}

/// A store that cannot be used.
pub(super) fn unusable(place: &str, failure: Failure) -> StoreFailure {
    explained(place, &failure.to_string(), failure)
}

/// A store that cannot be used, for a reason that its adapter knows better.
pub(super) fn explained(place: &str, why: &str, failure: Failure) -> StoreFailure {
    let stays = failure.kind().stays();
    let failure = StoreFailure::from_source(format!("{place} cannot be used: {why}"), failure);
    if stays { failure.that_stays() } else { failure }
}

/// A record that cannot be understood: beginning anew would grant a fence twice.
pub(super) fn foreign(place: &str, name: &str, why: impl std::fmt::Display) -> StoreFailure {
    StoreFailure::because(format!(
        "{place} holds something for `{name}` that is not a lease's record ({why}): look what \
         else writes there, or use a newer version"
    ))
    .that_stays()
}
