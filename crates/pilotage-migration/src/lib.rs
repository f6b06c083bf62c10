//! Migrations of a database.

pub mod saga;
