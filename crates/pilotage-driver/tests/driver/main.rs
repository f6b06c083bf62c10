//! The driver with a whole crew of fakes, under paused time.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its part fails the test"
)]

mod bad_input;
mod contracts;
mod death;
mod deploy;
mod disk;
mod faults;
mod golden;
mod harbour;
mod interruption;
mod ownership;
mod people;
mod time;
