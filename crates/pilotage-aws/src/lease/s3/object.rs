//! A record as an object.

use pilotage_lease::{Record, StoreFailure};
use serde::{Deserialize, Serialize};

/// What an object holds. The `ETag` of S3 is a hash of the content, and a tag must never come
/// twice; so each write has a number of its own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    write: String,
    record: Record,
}

pub(super) fn write(record: &Record) -> Result<Vec<u8>, StoreFailure> {
    let write = crate::lease::write_id()?;
    serde_json::to_vec(&Object { write, record: record.clone() })
        .map_err(|why| StoreFailure::from_source("a record cannot be written down", why))
}

pub(super) fn read(body: &[u8]) -> Result<Record, serde_json::Error> {
    serde_json::from_slice(body).map(|object: Object| object.record)
}
