//! PostgreSQL.

mod address;
mod connection;
mod lease;
mod migrate;
mod pooler;
mod rebuild;
mod session;
mod tls;

pub(crate) use address::PostgresAddress;
pub(crate) use connection::{Connection as PostgresConnection, is_final};
pub(crate) use migrate::{migrate, words};
pub(crate) use session::{bare, open};
