//! Kubernetes, as far as Pilotage needs it: access to a cluster, and leases and Secrets in it.
//!
//! - **No type of the client appears in a public signature.** What callers hold are this crate's
//!   types and those of the role traits.
//! - **Every call ends**: connections, answers and whole calls have deadlines, and no write is
//!   ever repeated, not even inside the client.
//! - **A failure says** what was asked, where, what the server answered, and what helps: for a
//!   missing right the verb that is needed, for a namespace that is not there how to make it.
//!
//! It decides nothing about releases, and it never prints.

mod access;
mod cluster;
mod failure;
mod lease;
mod namespace;
mod pod;
mod secrets;

pub use access::{Access, Explicit};
pub use cluster::{Cluster, ClusterError};
pub use lease::KubeLeases;
pub use namespace::{InvalidNamespace, Namespace};
pub use secrets::KubeSecrets;
