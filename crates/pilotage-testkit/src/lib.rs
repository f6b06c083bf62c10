//! What tests are made of: strict fakes, contract suites, and the simulator that proves the
//! engine's promises.
//!
//! A fake holds state, obeys the rules of the thing that it stands for, and is stricter than it.
//! A contract suite is one list of what a role promises, run over its fake and its real
//! implementations alike. The kit is documented like product code, for whoever writes a target or
//! a store; product crates depend on it for their tests alone.

pub mod bed;
pub mod contract;
pub mod cramped;
pub mod fake;
pub mod leak;
pub mod masks;
pub mod model;
pub mod real;
pub mod sim;
pub mod wait;
