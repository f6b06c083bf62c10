//! Leases in files.

mod presence;
mod role;
mod store;

pub use role::FileLease;
pub use store::FileLeaseStore;
