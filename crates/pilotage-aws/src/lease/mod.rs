//! Leases in AWS: where their records are kept, and replaced only as whole and as expected.
//!
//! The protocol is `pilotage-lease`'s; a store only reads, and compares and swaps. A write that may
//! have happened is never repeated here, not even by the SDK: a second attempt that finds the first
//! one's record would take its own success for somebody else's.

#[cfg(feature = "dynamodb")]
mod dynamodb;
mod outcome;
#[cfg(feature = "s3")]
mod s3;

#[cfg(feature = "dynamodb")]
pub use dynamodb::DynamoLeases;
#[cfg(feature = "s3")]
pub use s3::S3Leases;

use pilotage_lease::{OwnerId, StoreFailure};

/// A number for one write, so that no two versions of a record share their tag.
fn write_id() -> Result<String, StoreFailure> {
    let random = OwnerId::random();
    let random =
        random.map_err(|why| StoreFailure::from_source("a write cannot be told apart", why))?;
    Ok(random.to_string())
}
