//! Runtimes and routers of one machine: supervised processes behind a built-in weighted proxy.
//!
//! A [`Runtime`] starts, finds again and stops the *units* of a release: copies of one program,
//! each on its own port. A [`Router`] decides which of them get requests: it holds a
//! [`RouteTable`] with the two tracks of a rollout and the share of the candidate, and it is the
//! only truth about what is live. A [`Prober`] tells whether a unit answers, and answers *as the
//! release that was asked for*.
//!
//! [`hostd`] puts them together into a daemon that keeps one service, [`local`] speaks to it and
//! fills the driver's roles for this machine, and [`artifacts`] keeps what a release is made of.
//!
//! The crate guarantees that a unit outside the table gets no traffic, that a request finishes on
//! the unit where it began, and that a process is never signalled by a recycled id.
//!
//! It deliberately knows nothing of strategies, gates or leases: what to do next is decided above.

pub mod artifacts;
pub mod directory;
#[cfg(feature = "fake")]
pub mod fake;
pub mod health;
pub mod hostd;
pub mod local;
mod os;
pub mod process;
pub mod proxy;
pub mod router;
pub mod runtime;
pub mod wire;

pub use health::Prober;
pub use router::{RouteTable, Router};
pub use runtime::Runtime;
