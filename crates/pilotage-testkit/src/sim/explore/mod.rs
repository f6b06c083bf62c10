//! Ways through the space of everything that can go wrong.
//!
//! Every failure that is found is shrunk and comes with the tape that shows it again.

mod exhaust;
mod hunt;
mod report;
mod shrink;
mod story;
mod swarm;

pub use exhaust::{exhaust, exhaust_one};
pub use hunt::{Hunt, hunt};
pub use report::Report;
pub use shrink::shrink;
pub use story::tell;
pub use swarm::swarm;
