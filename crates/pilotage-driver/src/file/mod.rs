//! Journals and leases on a local file system: the embedded default, for one machine.
//!
//! Guarantees: an acknowledged line survives the loss of power (the file and, for a new one, its
//! directory are synchronised); comparison and write are one step under an exclusive lock; a fence
//! is kept for ever and replaced atomically. Locks are advisory and belong to the kernel, so a
//! process that dies leaves none behind, and its lease can be taken at once; the file system must
//! support them (NFS before version 4 does not).

mod disk;
mod journal;
mod lease;

pub use journal::FileJournalStore;
pub use lease::{FileLease, FileLeaseStore};
