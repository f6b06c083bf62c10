//! Records, signed events and gates, as those who use the crate see them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test that cannot go on fails the test"
)]

mod bundles;
mod events;
mod fixtures;
mod gates;
mod keys;
mod policies;
mod records;
mod scans;
mod stores;
mod trees;
