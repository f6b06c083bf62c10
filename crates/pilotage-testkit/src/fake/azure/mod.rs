//! A small Azure: Entra ID, the metadata service of a machine, a registry, and vaults.
//!
//! It speaks HTTP over a real socket, for adapters and for whole programs that are pointed at it. It
//! is stricter than Azure: a field too many, a token for something else, or a path that nobody should
//! ask for is refused.

mod form;
mod server;
mod state;
mod vault;

pub use server::FakeAzure;
pub use state::{CLIENT, SECRET, State, TENANT};
pub use vault::{Vault, Version, id};
