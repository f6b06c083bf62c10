//! The benches of this repository, one file each.

pub(crate) mod cutover;
pub(crate) mod image;
pub(crate) mod judge;
pub(crate) mod kills;
pub(crate) mod lease;
pub(crate) mod lint;
pub(crate) mod migrate;
mod peer;
pub(crate) mod proxy;
pub(crate) mod redact;
pub(crate) mod release;
pub(crate) mod scan;
pub(crate) mod secret;
pub(crate) mod sim;
pub(crate) mod startup;
pub(crate) mod tidy;
pub(crate) mod traffic;
pub(crate) mod version;
