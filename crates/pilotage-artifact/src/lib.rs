//! Names of what is shipped: content digests, tags and references of images, versions, and
//! releases with their place in history.
//!
//! This is the bottom of the ladder: plain values that are parsed once and cannot be wrong
//! afterwards. The crate is `no_std`, so the compiler guarantees that nothing here reads a
//! clock, a file, the environment or the network.
//!
//! - names: [`Digest`], [`Tag`], [`ImageRef`], [`Repository`], [`Version`], [`CommitId`];
//! - rules: which tags may move ([`Channel`], [`TagKind`]), which version comes
//!   [`next`](mod@next) and why.
//!
//! It deliberately does not talk to a registry nor read git history: those are adapters above.

#![no_std]

extern crate alloc;

mod channel;
mod commit_id;
mod digest;
mod hex;
mod image_ref;
pub mod next;
mod release;
mod repository;
mod tag;
mod tag_prefix;
mod text;
mod version;

pub use channel::{Channel, Motion, TagKind};
pub use commit_id::{CommitId, InvalidCommitId};
pub use digest::{Digest, InvalidDigest};
pub use image_ref::{ImageRef, InvalidImageRef, Reference};
pub use release::{InvalidReleaseId, Release, ReleaseId};
pub use repository::{InvalidRepository, Repository};
pub use tag::{InvalidTag, Tag};
pub use tag_prefix::{InvalidTagPrefix, TagPrefix};
pub use version::{InvalidVersion, Version};
