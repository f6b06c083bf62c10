//! A small Azure: Entra ID, the metadata service of a machine, and a registry.

mod form;
mod server;
mod state;

pub(crate) use server::Fake;
pub(crate) use state::{CLIENT, SECRET, TENANT};
