//! The little of an OCI or Docker manifest that a record needs, read from its raw bytes.
//!
//! Whatever else a manifest says is kept in its bytes and not looked at, as the specification asks.

use std::collections::BTreeMap;

use pilotage_artifact::Digest;
use serde::Deserialize;

use super::error::ImageFault;
use crate::text::Platform;

/// The largest manifest that registries take.
pub(super) const LARGEST: usize = 4 << 20;

const INDEXES: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
const MANIFESTS: [&str; 2] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// What builders call the platform of something that is no image, such as an attestation.
const UNKNOWN: &str = "unknown";

/// A manifest, as far as it matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) media_type: String,
    config: Option<Descriptor>,
    manifests: Option<Vec<Descriptor>>,
}

/// What a manifest says about another piece.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) media_type: String,
    pub(super) digest: Digest,
    pub(super) size: u64,
    platform: Option<PlatformFields>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct PlatformFields {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl Manifest {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ImageFault> {
        if bytes.len() > LARGEST {
            return Err(ImageFault::TooLarge { bytes: bytes.len(), limit: LARGEST });
        }
        serde_json::from_slice(bytes).map_err(ImageFault::Unreadable)
    }

    /// The configuration of an image for one platform.
    pub(super) fn config(&self) -> Result<Digest, ImageFault> {
        match &self.config {
            Some(config) if MANIFESTS.contains(&self.media_type.as_str()) => Ok(config.digest),
            _ => Err(ImageFault::NotAnImage { media_type: self.media_type.clone() }),
        }
    }

    /// The entries of an index.
    pub(super) fn entries(&self) -> Result<&[Descriptor], ImageFault> {
        match &self.manifests {
            Some(entries) if self.is_index() => Ok(entries),
            _ => Err(ImageFault::NotAnIndex { media_type: self.media_type.clone() }),
        }
    }

    pub(super) fn is_index(&self) -> bool {
        INDEXES.contains(&self.media_type.as_str())
    }
}

impl Descriptor {
    /// Whether it describes something about an image rather than an image.
    pub(super) fn is_attestation(&self) -> bool {
        let kind = self.annotations.get("vnd.docker.reference.type");
        kind.is_some_and(|kind| kind == "attestation-manifest")
            || self.platform.as_ref().is_some_and(|platform| platform.os == UNKNOWN)
    }

    /// The image that an attestation is about.
    pub(super) fn about(&self) -> Option<Digest> {
        self.annotations.get("vnd.docker.reference.digest").and_then(|digest| digest.parse().ok())
    }

    pub(super) fn platform(&self) -> Result<Platform, ImageFault> {
        if INDEXES.contains(&self.media_type.as_str()) {
            return Err(ImageFault::Nested { digest: self.digest });
        }
        let platform = self.platform.as_ref().ok_or(ImageFault::NoPlatform { digest: self.digest })?;
        let mut text = format!("{}/{}", platform.os, platform.architecture);
        if let Some(variant) = &platform.variant {
            text = format!("{text}/{variant}");
        }
        text.parse().map_err(ImageFault::Platform)
    }
}
