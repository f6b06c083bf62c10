//! Which version comes next, and why: from commits, and from what people have said.
//!
//! Pure: what was read of history comes in, a version with a reason for each commit comes out.
//! Guarantees: a commit that cannot be read is a failure that names it, never a change that counts
//! for nothing; a version is newer than what it follows and is not taken; whoever wants another
//! version says so in a commit (`Release-As`) or in a version file, and the reason shows it.
//!
//! It deliberately does not look at dates, authors or the order of tags in a list.

mod build;
mod bump;
mod change;
mod derive;
mod message;

pub use build::Build;
pub use bump::{BeforeOne, Bump, InvalidLabel, PreLabel};
pub use change::{Change, Reading, Rules};
pub use derive::{Because, Next, Question, Underivable, Unreadable, next};
pub use message::{Footers, Header, InvalidHeader};

use alloc::string::String;

use crate::CommitId;

/// A commit as the derivation needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Which one.
    pub id: CommitId,
    /// How many parents it has: more than one makes it a merge.
    pub parents: usize,
    /// The whole message.
    pub message: String,
}
