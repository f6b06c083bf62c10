//! One-off tasks over the strict fake of ECS, and over real containers.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod bench;
mod containers;
mod ending;
mod faults;
mod logs;
mod naive;
mod place;
mod runner;
