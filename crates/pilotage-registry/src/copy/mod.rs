//! Promotion: an image, whole and with its evidence, to where it is to be deployed; tags last.
//!
//! ```text
//!   look at the tags ─▶ refuse, or nothing to do
//!          │
//!   read the manifests, children and evidence ─▶ blobs, each once ─▶ children by digest
//!                                                                         │
//!                                       tags ◀─ evidence ◀─ index by digest
//! ```
//!
//! - **An immutable tag never moves**: that is refused before anything is sent, and looked at again
//!   where the transfer took time.
//! - **A tag is never visible before what it needs**: children, blobs and evidence are there first.
//! - **The digest at the end is the digest of the order**: bytes are passed on as they are, and
//!   the registry's word on what it stored is compared.
//! - **Doing it again is cheap**: a tag that is right already costs one request, a blob that is
//!   there costs one and no bytes.
//!
//! A registry offers no "only if it still is"; between the last look and the write of a tag another
//! writer can slip in. Whoever promotes holds a lease, and turns immutability on at the registry.

mod evidence;
mod order;
mod outcome;
mod progress;
mod run;
mod tags;
mod together;
mod transfer;
mod tree;

pub use evidence::has_evidence;
pub use order::{Class, Confirm, Evidence, Order};
pub use outcome::{Change, Copied};
pub use progress::{Event, Progress, Silent};
pub use run::copy;
