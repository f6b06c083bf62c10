//! PostgreSQL.

mod address;
mod connection;
mod pooler;
mod session;
mod store;
mod tls;

pub(crate) use address::PostgresAddress;
pub(crate) use session::open;
pub use store::PostgresLeaseStore;
