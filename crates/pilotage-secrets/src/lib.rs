//! Secrets by reference: resolved late, pinned by version, leaking nowhere.
//!
//! A [`Reference`] says where a value comes from and never what it is. A [`SecretSource`] reads or
//! describes what references point at; everything that is the same for all sources (grouping,
//! limits, retries, keys inside of values, the report) is here, above that one small trait.
//!
//! What it guarantees:
//!
//! - **A text that is no reference is an error**, never a value, and the error does not repeat it:
//!   it may be a secret that somebody wrote in the wrong place.
//! - **One reference has one text**: what is parsed prints as it would be written best, and what
//!   is printed parses to the same.
//! - **A [`Secret`] has no `Display` and no `Serialize`**, its `Debug` shows nothing, and its
//!   memory is wiped when it goes.
//! - **Every reference gets its own answer.** No partial failure is a success.
//!
//! What it deliberately does not do: write or rotate secrets, cache values beyond one run, or
//! promise that no copy of a value is left in memory (HTTP clients keep some). It promises that
//! there is no way out by which a value is shown.

mod failure;
pub mod local;
pub mod manifest;
pub mod plan;
pub mod policy;
pub mod reference;
pub mod render;
pub mod resolve;
mod secret;
mod source;
mod version;
mod words;

pub use failure::Failure;
pub use manifest::Manifest;
pub use reference::{BadReference, Locator, Pointer, Reference};
pub use resolve::Resolver;
pub use secret::Secret;
#[cfg(feature = "mock")]
pub use source::MockSecretSource;
pub use source::{Description, Errand, Fetched, KmsKey, Lane, SecretSource};
pub use version::{BadVersion, Stage, VersionId};
pub use words::Words;
