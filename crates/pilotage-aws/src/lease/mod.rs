//! Leases in AWS: where their records are kept, and replaced only as whole and as expected.
//!
//! The protocol is `pilotage-lease`'s; a store only reads, and compares and swaps. Writes are
//! never repeated here, not even by the SDK: a second attempt that finds the first one's record
//! would take its own success for somebody else's.

#[cfg(feature = "dynamodb")]
mod dynamodb;
mod outcome;
#[cfg(feature = "s3")]
mod s3;

#[cfg(feature = "dynamodb")]
pub use dynamodb::{DynamoLeases, InvalidTable, TableName};
#[cfg(feature = "s3")]
pub use s3::{Bucket, InvalidBucket, S3Leases};

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use pilotage_lease::{OwnerId, StoreFailure};

/// Deadlines of a lease's calls: a term is half a minute, and an answer that takes longer than a
/// third of it is of no use.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(10))
        .build()
}

/// A number for one write, so that no two versions of a record share their tag.
fn write_id() -> Result<String, StoreFailure> {
    let random = OwnerId::random();
    let random =
        random.map_err(|why| StoreFailure::from_source("a write cannot be told apart", why))?;
    Ok(random.to_string())
}
