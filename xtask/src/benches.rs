//! The benches of this repository, one file each.

pub(crate) mod judge;
pub(crate) mod lease;
pub(crate) mod sim;
pub(crate) mod tidy;
