//! The binary as people run it: real processes, a real proxy, and what is left afterwards.

#![expect(clippy::expect_used, reason = "a helper of a test that cannot go on fails the test")]

mod demo;
mod place;
mod refusals;
mod verbs;
