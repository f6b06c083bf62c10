//! The files of a migrator: which there are, in which order, what they say of themselves.
//!
//! [`discover`] knows the ways in which flyway, sqlx, golang-migrate, prisma and plain folders name
//! their files; [`read`] reads one, within a limit; [`decode`] refuses what is not UTF-8, with the
//! place. [`annotations`] are the comments that speak to this program, in a grammar in which every
//! mistake is an error. It deliberately does not execute or change files.

mod annotation;
mod checksum;
mod decode;
mod discover;
mod error;
mod name;
mod phase;
mod read;

pub use annotation::{Annotation, Verb, annotations};
pub use checksum::SetDigest;
pub use decode::{Misread, decode};
pub(crate) use discover::is_repeated;
pub use discover::{Entry, MOST_FILES, discover, unapplied};
pub use error::SetError;
pub use name::{FileName, Order};
pub use phase::Phase;
pub use read::{Content, LARGEST_FILE, read};
