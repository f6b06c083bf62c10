//! The adapters against emulators of AWS, and against a fake that is stricter where those are lax.

#![expect(clippy::expect_used, clippy::panic, reason = "the helpers of tests fail tests")]

mod discover;
mod ecr;
mod emulator;
mod fake;
mod journal;
mod kms;
mod lasting;
mod lease;
mod lossy;
mod secret;
mod session;
mod unread;
