//! What tests are made of: strict fakes, contract suites and the simulator.
//!
//! A fake holds state, obeys the rules of the thing that it stands for, and is stricter than it.
//! A contract suite is one list of what a role promises, run over its fake and its real
//! implementations alike. Everything here is for tests, and panics where a test should fail.

pub mod contract;
pub mod fake;
pub mod real;
