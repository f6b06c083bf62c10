//! The client and promotion, over the fake registry and over a real one.
//!
//! `suite` holds for both; `faults` and `login` need a registry that fails on purpose.

#![expect(clippy::expect_used, reason = "a step that fails fails the test")]

mod counts;
mod docker;
mod ecr;
mod evidence;
mod faults;
mod immutable;
mod login;
mod secure;
mod suite;
mod support;
mod transfer;
