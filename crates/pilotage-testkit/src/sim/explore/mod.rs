//! Ways through the space of everything that can go wrong.
pub mod swarm;
