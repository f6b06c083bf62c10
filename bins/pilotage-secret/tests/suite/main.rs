//! The program, from its command line to everything that it writes.
#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod bad_input;
mod exec;
mod leak;
mod place;
mod verbs;
