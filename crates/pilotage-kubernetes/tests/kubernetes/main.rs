//! Leases and Secrets in a real API server, and in whatever else may answer in its place.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod access;
mod answers;
mod cluster;
mod leases;
mod pod;
mod rights;
mod secrets;
mod unread;
