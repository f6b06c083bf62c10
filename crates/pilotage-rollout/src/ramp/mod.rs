//! Every strategy is a ramp: a list of steps from "nothing" to "everything".
//!
//! A [`Ramp`] that exists is possible: capacity never lags behind traffic, nothing goes backwards,
//! and the last step is the whole. Strategies differ only in the steps that they compile to, so
//! the engine knows no strategy at all.

mod step;
mod strategy;

pub use step::{InvalidRamp, Ramp, Step};
pub use strategy::{BlueGreen, Canary, CanaryStep, InvalidStrategy, Rolling, Strategy};
