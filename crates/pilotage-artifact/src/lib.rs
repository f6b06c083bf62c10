//! Names of what is shipped: content digests, and releases with their place in history.
//!
//! This is the bottom of the ladder: plain values that are parsed once and cannot be wrong
//! afterwards. The crate is `no_std`, so the compiler guarantees that nothing here reads a
//! clock, a file, the environment or the network.
//!
//! It deliberately does not talk to a registry nor read git history: those are adapters above.

#![no_std]

extern crate alloc;

mod digest;
mod release;

pub use digest::{Digest, InvalidDigest};
pub use release::{InvalidReleaseId, Release, ReleaseId};
