//! What a registry can be asked: manifests, blobs, uploads, referrers, tags.

mod address;
mod artifact;
mod attach;
mod blob;
mod client;
mod fallback;
mod fill;
mod manifest;
mod manifests;
mod patch;
mod reader;
mod referrers;
mod remote;
mod source;
mod tags;
mod upload;

pub use artifact::{Artifact, Payload};
pub use attach::Attached;
pub use blob::Blob;
pub use client::{Client, Settings, Upload};
pub use manifest::{Kind, Manifest, Part};
pub use manifests::{Found, Name};
pub use reader::Reader;
pub use referrers::Referrers;
pub use remote::Remote;
pub use source::{Chunks, Source};
pub use upload::Pushed;

pub(crate) use artifact::EMPTY;
pub(crate) use fallback::fallback_tag;
