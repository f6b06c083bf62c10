//! What the tests of Pilotage stand on: the simulator that proves the engine's promises.
//!
//! The kit is product code for whoever writes a target or a store: it is documented, it has no
//! sleeps and no randomness of its own, and everything in it is stricter than the real thing.
//! Product crates may depend on it for their tests alone.

pub mod sim;
