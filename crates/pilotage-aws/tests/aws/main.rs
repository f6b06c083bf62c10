//! The adapters against emulators of AWS, and against a fake that is stricter where those are lax.

mod ecr;
mod emulator;
mod fake;
mod kms;
mod lease;
mod session;
