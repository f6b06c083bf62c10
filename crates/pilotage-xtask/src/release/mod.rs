//! `cargo xtask release`: the line of releases in `release.toml`, from the command line.
//!
//! What a release is, how it is planned and claimed, is `pilotage-release`, and exported from here;
//! this adds what can be typed, what is printed and what the shell is told. With the feature
//! `records` a release is checked together with its record and all that was signed about it.

mod cli;
mod failure;
mod text;

#[cfg(feature = "records")]
pub use cli::RecordArgs;
pub use cli::{ApplyArgs, Command, Common, Named, PlanArgs, VerifyArgs, VersionArgs};
pub use failure::ReleaseFailure;
pub use pilotage_release::*;
