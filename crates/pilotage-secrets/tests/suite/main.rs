//! The behaviour of the crate, as those who use it see it.
#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod contract;
mod harbour;
mod linter;
mod policy;
mod reference;
mod render;
mod resolve;
mod select;
