//! MySQL and MariaDB.

mod address;
mod connection;
mod migrate;
mod pooler;
mod session;
mod store;

pub(crate) use address::MySqlAddress;
pub(crate) use migrate::{migrate, words};
pub(crate) use session::{bare, open};
pub use store::MySqlLeaseStore;
