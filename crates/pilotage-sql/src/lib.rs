//! Leases, session locks and migrations in PostgreSQL, MySQL and MariaDB.
//!
//! A lease is a record that anybody may take once it is stale; a session lock is held by one
//! connection and ends with it, together with the statement that runs on it. Whoever changes a
//! database takes both: the lease outlives what a network or a person does to the process, the
//! session lock outlives the lease. Beside the session lock, the fence of the lease is written down
//! in the database itself, so that an owner who was robbed is refused there. A [`Migrated`] database
//! puts all of them around its ledger of migrations.
//!
//! What it guarantees:
//!
//! - **A pooler that would share the session is found out and refused**, and so is a replica.
//! - **No transaction is open while a lock is held**: it would block what builds an index.
//! - **A lock that could not be proven to be given back is an error**, and its connection is closed.
//! - **A lost connection is a lost lock**; nothing is locked again behind the owner's back.
//!
//! What it deliberately does not do: help where locks of sessions mean nothing, on several writable
//! servers of one cluster.

mod database;
mod error;
mod migrated;
mod mysql;
mod postgres;
mod session;
mod store;
mod trouble;

pub use database::Database;
pub use error::{BadUrl, SessionError};
pub use migrated::Migrated;
pub use session::{SessionAcquisition, SessionLock, SessionRequest};
