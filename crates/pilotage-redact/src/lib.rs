//! Masks secrets in whatever is written: logs, output of children, journals, reports, errors.
//!
//! A secret leaks as often in an encoding as in the clear: in a URL, a JSON document, the base64 of
//! a header. So each value is turned into [forms](Secrets::add), and each stream is searched for
//! all of them at once.
//!
//! ```
//! use pilotage_redact::Secrets;
//!
//! let mut secrets = Secrets::new();
//! secrets.add("DB_PASSWORD", b"correct horse battery");
//! let redactor = secrets.redactor();
//! let mut stream = redactor.stream();
//! let mut out = Vec::new();
//! stream.push(b"connecting with correct%20hor", &mut out);
//! stream.push(b"se%20battery ...\n", &mut out);
//! stream.finish(&mut out);
//! assert_eq!(out, b"connecting with [secret:DB_PASSWORD] ...\n");
//! ```
//!
//! What it guarantees:
//!
//! - Chunks make no difference: what comes out is what would come out of the whole text at once.
//! - Only the beginning of a possible secret is held back, and never more than the longest form.
//! - A value that cannot be masked without ruining everything else is said, never left out silently.
//! - No value is in a `Debug` of any type here, and forms are wiped when they go.
//!
//! What it deliberately does not do: be a boundary. It is a net under code that does not print
//! secrets. It does not see through compression, encryption, reversal, line-wrapped base64, or
//! encodings of encodings.

mod common;
mod environment;
mod form;
mod index;
mod label;
mod masked;
#[cfg(test)]
mod oracle;
mod part;
mod redactor;
pub mod runner;
mod secrets;
mod stream;
mod veil;

pub use masked::Masked;
pub use redactor::Redactor;
pub use secrets::{SHORTEST, Secrets, Unmasked, Why};
pub use stream::Stream;
pub use veil::Veil;
