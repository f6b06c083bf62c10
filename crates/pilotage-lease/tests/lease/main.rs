//! The lease, as those see it who use it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that cannot do its part fails the test"
)]

mod contract;
mod faults;
mod harbour;
mod hold;
mod model;
mod owner;
