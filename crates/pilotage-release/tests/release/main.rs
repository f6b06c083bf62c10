//! Releases in real repositories: planned, made, refused, raced for.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod applies;
mod example;
mod plans;
mod races;
mod tags;
mod world;
