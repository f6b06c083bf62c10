//! How people and CI see the runs of the programs that bring releases out: what the shared verbs show
//! (`pilotage-cli`) on the consoles of terminals, logs and CI systems (`pilotage-ci`), and the receivers
//! in chats with their secret addresses.
//!
//! - **A view that cannot be made is replaced by a plainer one**, and a receiver that cannot be told is a
//!   warning: neither is a reason not to deploy.
//! - **The environment of the process is read here alone**, for what is shown and to whom.
//!
//! It decides nothing, and knows no platform.

mod announcer;
mod console;
mod surroundings;

pub use console::CiLookout;
pub use surroundings::{holder, tell_runner, variable};
