//! The behaviour of the crate, as those who use it see it.
#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

mod reference;
