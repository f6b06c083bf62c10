//! What a run writes down, and how a run is built again from it.
//!
//! The journal holds intents and what happened, never truth about the world: whoever resumes
//! looks at the target anew. Replaying uses the very function that the live run uses, so a
//! journal that no run could have written is found out.
//!
//! How records are chained, encoded and stored is the business of the driver.

mod entry;
mod replay;

pub use entry::{Entry, Record, RunId, SCHEMA};
pub use replay::{ReplayError, Replayed, replay};
