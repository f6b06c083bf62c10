//! MySQL and MariaDB.

mod address;
mod connection;
mod lease;
mod migrate;
mod pooler;
mod session;

pub(crate) use address::MySqlAddress;
pub(crate) use connection::{Connection as MySqlConnection, is_final};
pub(crate) use migrate::{migrate, words};
pub(crate) use session::{bare, open};
