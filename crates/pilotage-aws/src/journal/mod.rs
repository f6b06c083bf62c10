//! Journals in AWS, so that a run can go on on any machine.
//!
//! [`DynamoJournals`] keep lines as items beside a head that every write is compared with;
//! [`S3Journals`] keep them in segments that are replaced only as expected. Both take one call for a
//! line, and few for a journal.
//!
//! A write is never repeated where it may have been made. Whether it was is not guessed either: the
//! driver stops, and whoever goes on with the run loads it and sees.

#[cfg(feature = "dynamodb")]
mod dynamodb;
mod entry;
mod failure;
#[cfg(feature = "s3")]
mod s3;
#[cfg(feature = "dynamodb")]
mod shelf;

#[cfg(feature = "dynamodb")]
pub use dynamodb::DynamoJournals;
#[cfg(feature = "s3")]
pub use s3::S3Journals;
#[cfg(feature = "dynamodb")]
pub use shelf::{InvalidShelf, Shelf};

/// The largest journal that is kept: days of polling every five seconds are smaller. No line is
/// taken that would make a journal larger than what is read.
const LARGEST: u64 = 64 << 20;
