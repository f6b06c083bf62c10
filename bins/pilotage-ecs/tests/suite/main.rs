//! The binary as CI runs it: real processes, and ECS on a real socket.

#![expect(clippy::expect_used, reason = "a helper of a test that cannot go on fails the test")]

mod deploy;
mod leak;
mod pair;
mod place;
mod refusals;
mod resume;
mod state;
