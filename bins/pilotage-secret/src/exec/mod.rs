//! A child that gets secrets: its environment, its descriptors, its output.

pub(crate) mod child;
pub(crate) mod environment;
pub(crate) mod injection;
mod memory;
mod signals;
