//! Finds likely secrets where they must not stand: task definitions, compose files, manifests,
//! pipelines, env files, any other text, and the lines that commits have added.
//!
//! Two questions are asked, each only near a few words that a search over the whole text finds: is
//! this a token of a known shape, and does a name that sounds secret get a value that looks random?
//! What is a reference, a placeholder, a hash or a UUID is none, because a scanner that cries wolf
//! is switched off.
//!
//! - [`scan`], or a [`Scanner`] for one after the other, looks at [`Source`]s, which [`files`] and
//!   [`history`] give, and keeps to an [`AllowList`], whose every line has a reason.
//! - [`text`], [`json`] and [`sarif`] write the [`Report`] for people, programs and code hosts.
//!
//! What it guarantees: no value that was found is in a finding, an excerpt or a report; what was
//! not looked at is said. What it deliberately does not do: ask a service whether a token is alive,
//! or say that a text has no secrets.

mod allow;
mod detect;
mod error;
mod excerpt;
mod finding;
mod read;
mod render;
mod report;
mod rule;
mod scan;
mod source;

pub use allow::{Allow, AllowList};
pub use error::ScanError;
pub use finding::Finding;
pub use read::{files, history};
pub use render::{json, sarif, text};
pub use report::{Allowed, Report, Skipped};
pub use rule::{RULES, Rule};
pub use scan::{Scanner, scan};
pub use source::Source;
