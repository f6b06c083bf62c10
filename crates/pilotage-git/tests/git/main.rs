//! The adapter against real repositories, each made for its test by the `git` command.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod claims;
mod clones;
mod histories;
mod hooks;
mod https;
mod server;
mod ssh;
mod world;
mod writes;
