//! PostgreSQL.

mod address;
mod connection;
mod migrate;
mod pooler;
mod session;
mod store;
mod tls;

pub(crate) use address::PostgresAddress;
pub(crate) use migrate::{migrate, words};
pub(crate) use session::{bare, open};
pub use store::PostgresLeaseStore;
