//! Lines of releases: from commits to a tag that only one run can have made.
//!
//! - [`Config`] is `release.toml`; [`Plan`] is everything that a release would do, with a hash.
//! - [`Desk`] does it: `plan` reads and decides, `apply` publishes branch and tag in one push,
//!   `show` and `verify` look back, `version` names a build that is no release.
//! - [`Tagging`] says which tags the images of a build get, which of them stand still, which move,
//!   and why.
//!
//! Guarantees: a plan is a pure function of the commit, the tags of the line and the
//! configuration, and reads nothing else; `apply` with a hash does that plan or nothing; a release
//! is made of what is committed, never of what lies in the working tree; a run that was cut short
//! has published all or nothing, and the next run finds out which.
//!
//! It deliberately builds no image and talks to no registry: it says which tags an image is to
//! get, and what pushes images gives them.

mod apply;
mod ci;
mod config;
mod desk;
mod error;
mod files;
mod plan;
#[cfg(feature = "records")]
mod records;
mod show;
mod tagging;
mod trailer;
mod words;

pub use apply::{Applied, Wanted};
pub use ci::ci_ref;
pub use config::{Config, Images, Kind};
pub use desk::{Built, Desk};
pub use error::ReleaseError;
pub use files::{Edit, FileError};
pub use plan::{Current, FileChange, ImageTags, Plan};
#[cfg(feature = "records")]
pub use records::Evidence;
pub use show::{Check, Shown};
pub use tagging::{ImageTagging, Lasting, Tagged, Tagging};
pub use words::why;
