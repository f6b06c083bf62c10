//! Programs of others as children of ours: migrators, and whatever is run with secrets.
//!
//! What it guarantees, on Linux:
//!
//! - **A program does not outlive who supervises it**, not even one that is killed: the kernel tells
//!   of its death, and a [warden](warden()) ends the whole group of the program.
//! - **What a program writes is masked** before anybody sees it, wherever its chunks are cut, and no
//!   prompt waits for more than a moment.
//!
//! What it deliberately does not do: start a program (its callers do, who know what it may inherit),
//! or follow a descendant that leaves the group of its program.

mod pump;
mod warden;

pub use pump::pump;
pub use warden::{Duty, tether, warden};
