//! Names of what is shipped: content digests, tags and references of images, versions, and
//! releases with their place in history.
//!
//! This is the bottom of the ladder: plain values that are parsed once and cannot be wrong
//! afterwards. The crate is `no_std`, so the compiler guarantees that nothing here reads a
//! clock, a file, the environment or the network.
//!
//! It deliberately does not talk to a registry nor read git history: those are adapters above.

#![no_std]

extern crate alloc;

mod commit_id;
mod digest;
mod hex;
mod image_ref;
mod release;
mod repository;
mod tag;
mod text;
mod version;

pub use commit_id::{CommitId, InvalidCommitId};
pub use digest::{Digest, InvalidDigest};
pub use image_ref::{ImageRef, InvalidImageRef, Reference};
pub use release::{InvalidReleaseId, Release, ReleaseId};
pub use repository::{InvalidRepository, Repository};
pub use tag::{InvalidTag, Tag};
pub use version::{InvalidVersion, Version};
