//! A service on the fake of ECS: rolled, watched, and what others take for success.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod bench;
mod claim;
mod contract;
mod deploy;
mod faults;
mod naive;
mod pair;
mod register;
mod replay;
mod resume;
mod rollback;
mod staged;
mod words;
