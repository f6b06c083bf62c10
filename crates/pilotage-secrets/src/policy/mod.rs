//! The least privilege that a manifest needs, derived and compared.
//!
//! Three parties read or look at secrets, and each gets a policy of its own: the [`Party::Task`]
//! that resolves references itself, the [`Party::Execution`] role with which ECS reads what
//! `valueFrom` names, and the [`Party::Plan`] role of a CI job, which looks and never reads.
//!
//! What it guarantees: a document allows exactly the listed actions on exactly the listed secrets;
//! [`Document::decide`] is the evaluator that says so in the tests, and on which [`diff`] stands.
//!
//! It deliberately knows only what these policies need of the language of IAM: what it does not
//! understand counts as too broad, and never as enough.

mod azure;
mod catalogue;
mod diff;
mod document;
mod evaluate;
mod iam;
mod kubernetes;
mod pattern;

pub use azure::{Assignment, Scope, assignments};
pub use diff::{Difference, diff};
pub use document::{BadDocument, Document, Effect, Statement};
pub use evaluate::{Decision, Request};
pub use iam::{NoSite, document};
pub use kubernetes::role;

/// For whom a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The program itself, or `exec` before it, which reads values.
    Task,
    /// The role with which ECS reads values before it starts the program.
    Execution,
    /// The CI job, which looks at versions and never reads a value.
    Plan,
}
