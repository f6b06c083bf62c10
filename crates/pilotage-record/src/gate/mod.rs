//! May this release enter that environment? Pure rules over a record and what is known of it.
//!
//! Every rule passes, fails, or does not know, and not knowing is never passing: what is missing,
//! unsupported or damaged keeps a gate closed. Each ruling says what it rests on and what would
//! make it pass, so that a refusal is an instruction and not a riddle.
//!
//! In an emergency some rules can be set aside, by an event of its own that somebody signs with a
//! reason. What says that the release is what it claims to be can never be.

mod case;
mod explain;
mod place;
mod policy;
mod rule;
mod summary;

pub use case::{Case, Destination};
pub use explain::{Entry, Explanation, Ruling, Verdict};
pub use place::{Hold, Place, Running};
pub use policy::{
    ApprovalPolicy, Day, EntryPolicy, Freeze, Gates, GlassPolicy, Hour, InvalidGates, ScanPolicy,
    TestPolicy, Upstreams, Window,
};
