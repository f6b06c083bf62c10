//! The benches of this repository, one file each.

pub(crate) mod tidy;
