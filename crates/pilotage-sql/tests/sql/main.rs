//! Leases and session locks in real databases.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its part fails the test"
)]

mod broken;
mod crew;
mod folder;
mod hardship;
mod leases;
mod migrated;
mod private;
mod raw;
mod rebuild;
mod servers;
mod sessions;
