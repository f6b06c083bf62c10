//! The binary as people run it: real processes, a real proxy, and what is left afterwards.

#![expect(clippy::expect_used, reason = "a helper of a test that cannot go on fails the test")]

mod ci;
mod daemon;
mod demo;
mod disk;
mod example;
mod leak;
mod migrations;
mod notes;
mod place;
mod programs;
mod refusals;
mod smoke;
mod sockets;
mod verbs;
