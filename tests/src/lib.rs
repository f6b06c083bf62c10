//! Rehearsals: real deploys on this machine under real load, counted to the last request.
//!
//! Tests run a few of them and `cargo xtask bench` runs many: the same code, so that the figures
//! of the one are the promises of the other. Everything is real: the `pilotage` binary, its daemon
//! and proxy, processes as units, sockets. Whoever answers writes down what it processed, so that
//! a request that was processed twice is found as well as one that was lost.
//!
//! It deliberately knows no bar: it gives figures, and whoever asked decides whether they will do.

pub mod account;
pub mod apart;
pub mod binary;
pub mod cutover;
pub mod error;
pub mod kills;
pub mod migrations;
pub mod place;
pub mod proxy;
pub mod runner;
pub mod standing;
pub mod traffic;
