//! A small streaming client for OCI registries, and promotion by digest with its evidence.
//!
//! [`Client`] holds what all calls share: connections, credentials, limits. [`Remote`] is one
//! repository at its registry: manifests with their raw bytes, blobs as streams, referrers, tags.
//! [`copy`](mod@copy) brings an image and its evidence to where it is to be deployed, and moves tags last.
//! [`evidence`] keeps records and signed statements beside the images that they are about.
//!
//! - **No header is trusted for what can be hashed**: whatever is read is compared with its digest.
//! - **An error is never read as "there is none"**: not for referrers, not for tags.
//! - **Credentials go nowhere but to the registry and the token server that it names.**
//! - **Memory is bounded**: manifests have a limit, blobs are streams.
//! - **Cancellation.** Dropping any future stops its transfers; what was stored stays and is found
//!   by the next run. An open upload session ends by itself at the registry.
//!
//! It deliberately knows no cloud: credentials of ECR and ACR come through [`Credentials`], from
//! crates that know their APIs. It builds no images and unpacks no layers.
//!
//! [`Credentials`]: auth::Credentials

mod api;
pub mod auth;
pub mod copy;
mod error;
pub mod evidence;
mod http;

pub use api::{
    Artifact, Attached, Blob, Chunks, Client, Found, Kind, Manifest, Name, Part, Payload, Pushed,
    Reader, Referrers, Remote, Settings, Source, Upload,
};
pub use error::Error;
pub use http::{Patience, Proxies, Retry, Roots, RootsError, Said};
