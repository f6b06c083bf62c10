//! The live view of a run: what is written while it goes on.
//!
//! A [`View`] is pure: it turns each [`Scene`] into text. The [`Console`] is the driver's watcher:
//! it keeps the timeline, asks its view, and hands the text to an [`Outlet`], which writes it on a
//! thread of its own, so that a terminal that was stopped holds up nothing.
//!
//! The verdict is not a console's to say: whoever began the run says it once, in the same words
//! wherever that is. [`fit`](crate::ci::fit) makes them harmless there.

mod azure;
mod frame;
mod github;
mod grouped;
mod live;
mod log;
mod outlet;
mod palette;
mod plain;
mod scene;
mod watch;

pub use azure::Azure;
pub use github::GitHub;
pub use live::Live;
pub use outlet::Outlet;
pub use palette::Palette;
pub use plain::Plain;
pub use scene::{Scene, View};
pub use watch::Console;
