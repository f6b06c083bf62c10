//! The benches of this repository, one file each.

pub(crate) mod judge;
pub(crate) mod sim;
pub(crate) mod tidy;
pub(crate) mod version;
