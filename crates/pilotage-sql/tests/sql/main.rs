//! Leases and session locks in real databases.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its part fails the test"
)]

mod broken;
mod leases;
mod migrated;
mod raw;
mod servers;
mod sessions;
