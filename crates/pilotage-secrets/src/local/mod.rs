//! Sources that this machine itself is: its environment and its files.
//!
//! Neither has versions, so nothing of them can be pinned; both are meant for development and for
//! what a platform has mounted already.

mod environment;
mod files;

pub use environment::Environment;
pub use files::Files;

use core::num::NonZeroUsize;

use crate::Lane;

/// Everything at once: nothing travels.
fn lane(name: &str) -> Lane {
    Lane { name: name.into(), batch: NonZeroUsize::MAX, parallel: NonZeroUsize::MIN }
}
