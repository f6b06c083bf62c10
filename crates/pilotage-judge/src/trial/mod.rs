//! Trials: how often judges are wrong, and how fast they are right, on seeded traffic.
//!
//! A promise about error rates is worth what its measurement is worth, so the measurement is part
//! of the crate. Every contender sees the same traffic: it is a function of scenario and seed
//! alone. [`compare`] gives the table that the documentation shows.
//!
//! The traffic is the kindest there is: independent requests at constant rates. Real minutes
//! resemble their neighbours, which leaves the sequential judge's promise as it is where both
//! tracks share the drift, and makes rank tests and z-tests worse than they look here.

mod comparison;
mod contender;
mod random;
mod scenario;
mod summary;

pub use comparison::{Row, compare};
pub use contender::Contender;
pub use random::Random;
pub use scenario::Scenario;
pub use summary::{Outcome, Summary, summarise, trial};
