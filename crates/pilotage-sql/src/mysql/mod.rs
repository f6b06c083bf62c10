//! MySQL and MariaDB.

mod address;
mod connection;
mod pooler;
mod session;
mod store;

pub(crate) use address::MySqlAddress;
pub(crate) use session::open;
pub use store::MySqlLeaseStore;
