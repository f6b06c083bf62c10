//! The program, from its command line to everything that it writes.
#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod aws;
mod azure;
mod bad_input;
mod closed;
mod exec;
mod kubernetes;
mod leak;
mod place;
mod runner;
mod terminal;
mod verbs;
