//! This machine as a target: the driver's roles, filled by a daemon behind a socket.
//!
//! [`Client`] speaks to the daemon of one service directory and [`ensure_running`] starts it if
//! it is not there. [`LocalTarget`], [`LocalMetrics`] and [`LocalProbe`] fill the roles of the
//! driver with it. Each call has its own connection and its own deadline: a daemon that was
//! replaced in between is not noticed, and one that hangs is `Unknown`, never `Applied`.

mod client;
mod metrics;
mod probe;
mod spawn;
mod target;

pub use client::{CallError, Client};
pub use metrics::{LocalMetrics, P99};
pub use probe::{Check, Command, Deed, LocalProbe};
pub use spawn::{DaemonProgram, SpawnError, ensure_running};
pub use target::LocalTarget;
