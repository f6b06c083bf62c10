//! What a CI system is told when a run ends: outputs, annotations and a summary.
//!
//! The commands of GitHub Actions and Azure Pipelines are lines of the job's own log, so whoever
//! can write a line can give a command. Everything here that may hold text from outside goes
//! through `untrusted`, and every limit of the two systems that loses data when it is crossed is
//! kept: annotations by number and length, the summary by size.

mod annotations;
pub mod azure;
mod closing;
mod defuse;
mod error;
mod files;
mod finish;
mod fit;
pub mod github;
mod mask;
mod spot;
mod summary;

pub(crate) use defuse::defused;

pub use closing::Closing;
pub use error::CiError;
pub use files::Files;
pub use finish::{finish, hand_on};
pub use fit::fit;
pub use mask::finish_masked;
pub use spot::Spot;
pub use summary::{SUMMARY_LIMIT, summary};
