//! The verbs over strict fakes: one process in memory, one target, no network and no real time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test that cannot go on fails the test"
)]

mod bad_input;
mod flows;
mod help;
mod output;
mod schema;
mod verdicts;
mod world;
