//! Promotion by evidence: what a release is, what became of it, and whether it may go on.
//!
//! - [`record`]: a release bound together and named by its hash.
//! - [`event`]: what was done with it, as signed events in chains, and what they add up to.
//! - [`gate`]: the rules between environments, and why each passes or does not.
//! - [`scan`]: what scanners say about an image.
//! - [`sign`], [`statement`], [`trust`]: keys, signed statements, and whom to believe what.
//! - [`store`]: where all of it is kept.
//! - [`tree`]: a directory as one immutable thing.
//!
//! What it guarantees:
//!
//! - **Nothing is believed that is not signed by a key that may say it**, and all of it can be
//!   checked from files alone.
//! - **What is missing, unsupported or damaged never opens a gate.**
//! - **What speaks against a release wins** over whatever was said before or beside it.
//!
//! What it deliberately does not do: talk to a network, know a registry or a cloud, read a clock,
//! or move a tag. Whoever uses it gives the time and does what the gates allow.

mod canonical;
mod encoded;
pub mod event;
pub mod gate;
pub mod record;
pub mod scan;
pub mod sign;
pub mod statement;
pub mod store;
pub mod text;
pub mod time;
pub mod tree;
pub mod trust;

pub use canonical::CanonicalError;
pub use encoded::Encoded;
