//! Strict fakes, contract suites and the simulator: what tests are made of.

pub mod contract;
pub mod fake;
pub mod real;
