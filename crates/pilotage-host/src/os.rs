//! The only places of this crate that touch what a simulation cannot replace.

use std::time::Instant;

/// The monotone clock.
#[expect(clippy::disallowed_methods, reason = "the one reading of the clock in this crate")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
