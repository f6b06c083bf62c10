//! The loop: from a plan, or a journal, to a verdict.
//!
//! ```text
//! lease ─ open or replay ─┬─ order:  intent → journal · lease held? · call · outcome → journal
//!                         ├─ else:   call or wait · what happened → journal
//!                         └─ verdict ─ release the lease ─ tell people
//! ```
//!
//! Who owns what: the engine owns every decision, the [`Driver`] the composition, one voyage (a
//! private type) the state of one execution. Beside the effect that is under way, the lease is
//! renewed, interruptions are listened for, and notes are delivered; all of it lives inside the
//! one future that the caller polls, and ends when that is dropped.
//!
//! **What a process that dies leaves behind**, by the place of its death: before an intent is
//! durable, nothing; between the intent and the outcome, a dangling intent, which the engine
//! resolves by claiming the target anew and reading back; after the outcome, nothing.

mod book;
mod crew;
mod driver;
mod embark;
mod error;
mod finished;
mod herald;
mod hint;
mod interruption;
mod keeper;
mod load;
mod patience;
mod perform;
mod time;
mod voyage;
mod warning;

pub use crew::Crew;
pub use driver::Driver;
pub use error::{DriverError, WriteFailure};
pub use finished::Finished;
pub use hint::Hint;
pub use interruption::{Interrupter, Interruption, Interruptions, interruptions};
pub use patience::Patience;
pub use warning::Warning;
