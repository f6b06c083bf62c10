//! What people and CI systems are shown of runs.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod azure;
mod browser;
mod console;
mod github;
mod notify;
mod report;
mod summary;
mod support;
mod timeline;
