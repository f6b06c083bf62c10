//! A small Azure: Entra ID, the metadata service of a machine, a registry, and vaults.

mod form;
mod server;
mod state;
mod vault;

pub(crate) use server::Fake;
pub(crate) use state::{CLIENT, SECRET, State, TENANT};
pub(crate) use vault::{Version, id};
