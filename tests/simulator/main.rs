//! The promises of the engine, tried in the simulator.
//!
//! What runs here is a sample that fits into a test run; `cargo xtask sim --exhaustive` and
//! `cargo xtask sim --seeds 1000000` make the whole of it.

mod promises;
mod tapes;
