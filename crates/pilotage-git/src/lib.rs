//! The git adapter: history in, release commits and tags out.
//!
//! - [`History`] reads: which release a commit contains, what came after it, what a file held,
//!   which lines a commit has added.
//!   It uses the commit-graph where there is one, only tags that the commit reaches, annotated and
//!   lightweight alike, and stops as soon as the answer is known.
//! - [`Writer`] writes objects: a commit and a tag that no reference names yet, so that a process
//!   that dies has changed nothing.
//! - [`Remote`] publishes them: branch and tag in one atomic push, and then reads back what is
//!   there, because an answer can be lost.
//!
//! Reading is done by `gix` and writing by `libgit2`. A push goes through the `git` command:
//! libgit2 cannot push two references as one, brings OpenSSL for https, and knows nothing of the
//! credentials that a CI job has given to `git`.
//!
//! It deliberately does not decide which version comes next: that is `pilotage_artifact::next`.
//! Repositories with SHA-256 object names or with reftable are refused by name.

mod added;
mod bar;
mod claim;
mod command;
mod error;
mod graph;
mod history;
mod remote;
mod tags;
mod walk;
mod writer;

pub use added::Added;
pub use bar::Bar;
pub use claim::{Claim, Claimed, claim};
pub use command::Git;
pub use error::GitError;
pub use history::{History, Since};
pub use remote::{Remote, RemoteName, Seen, SeenTag};
pub use tags::{ReleaseTag, Tags};
pub use writer::{Draft, Identity, Writer};
