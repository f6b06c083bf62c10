//! The migrator through its binary, with nothing but this machine.

#![expect(clippy::expect_used, reason = "a helper of a test that cannot go on fails the test")]

mod about;
mod config;
mod databases;
mod ecs;
mod endings;
mod leak;
mod lint;
mod lock;
mod memory;
mod place;
mod secrets;
mod signals;
mod stores;
mod survival;
