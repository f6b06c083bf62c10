//! How migrations are run: by one process at a time, each exactly once, whoever dies on the way.
//!
//! Two parts, which may run on two machines:
//!
//! - [`dispatch`](dispatch::dispatch) is what a CI job does: it takes the lease, has a worker
//!   started beside the database, watches until that is done, and attaches to a worker that is
//!   already at it instead of failing.
//! - [`serve`](serve::serve) is what the worker does: it takes the lease over, takes the session lock
//!   in the database, claims its fence there, and makes one leap after the other, as the ledger in
//!   the database says; or it escorts a program that keeps a history of its own.
//!
//! What it guarantees:
//!
//! - **The database says what is applied.** Where a server can change tables within a transaction,
//!   a leap and its line in the ledger are one transaction. Where it cannot, the ledger says first
//!   that a leap begins; whoever finds such a line asks the database what became of it, and where
//!   the database cannot tell, a person decides.
//! - **Two workers cannot overlap**, even if the lease was taken from one that was suspended: the
//!   session lock is held by the session that changes the database, and a session with an older
//!   fence writes nothing.
//! - **A CI job that is killed changes nothing**: the worker goes on, and the next job attaches.
//!
//! What it deliberately does not do: undo. A migration that is applied is expected to serve the
//! old and the new version; what it broke is mended by the next one.

mod cut;
pub mod database;
pub mod dispatch;
pub mod error;
pub mod escort;
pub mod ledger;
pub mod next;
pub mod plan;
pub mod program;
pub mod runner;
pub mod script;
pub mod serve;
pub mod sign;
pub mod told;
pub mod word;
pub mod work;
