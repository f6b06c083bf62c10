//! An image of a release: its digests, proven by the manifests that are kept beside them.

use pilotage_artifact::Digest;
use serde::{Deserialize, Serialize};

use super::error::ImageFault;
use super::manifest::{Descriptor, Manifest};
use crate::encoded::Encoded;
use crate::text::{PartName, Platform, Words};

/// An image: what registries call it, and the bytes that prove it.
///
/// All that is said here follows from the manifests, and is compared with them whenever a record is
/// read. Because they are kept, a tag can be set without asking any registry for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    name: PartName,
    repository: Words,
    digest: Digest,
    media_type: String,
    size: u64,
    manifest: Encoded,
    children: Vec<Child>,
    attestations: Vec<Attestation>,
}

/// An image for one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Child {
    platform: Platform,
    digest: Digest,
    config: Digest,
    manifest: Encoded,
}

/// A manifest in the index that says something about an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// Its digest.
    pub digest: Digest,
    /// The image that it is about, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Digest>,
}

impl Image {
    /// An image for several platforms, from the raw bytes of its index and of the manifest of each.
    pub fn of_index(
        name: PartName,
        repository: Words,
        index: Vec<u8>,
        manifests: &[Vec<u8>],
    ) -> Result<Self, ImageFault> {
        let parsed = Manifest::parse(&index)?;
        let (about, images): (Vec<_>, Vec<_>) =
            parsed.entries()?.iter().partition(|entry| entry.is_attestation());
        let children = images.into_iter().map(|entry| child(entry, manifests));
        let children = children.collect::<Result<Vec<_>, _>>()?;
        let attestation = |entry: &Descriptor| Attestation { digest: entry.digest, about: entry.about() };
        let attestations = about.into_iter().map(attestation).collect();
        Self::new(name, repository, parsed.media_type, index, children, attestations)
    }

    /// An image for one platform, from the raw bytes of its manifest, which does not name it.
    pub fn of_manifest(
        name: PartName,
        repository: Words,
        platform: Platform,
        manifest: Vec<u8>,
    ) -> Result<Self, ImageFault> {
        let parsed = Manifest::parse(&manifest)?;
        let (digest, config) = (Digest::of(&manifest), parsed.config()?);
        let children = vec![Child { platform, digest, config, manifest: Encoded(manifest.clone()) }];
        Self::new(name, repository, parsed.media_type, manifest, children, Vec::new())
    }

    fn new(
        name: PartName,
        repository: Words,
        media_type: String,
        manifest: Vec<u8>,
        children: Vec<Child>,
        attestations: Vec<Attestation>,
    ) -> Result<Self, ImageFault> {
        if children.is_empty() {
            return Err(ImageFault::NoImages);
        }
        let twice = |(at, child): (usize, &Child)| {
            children.iter().take(at).any(|earlier| earlier.platform == child.platform)
        };
        if let Some((_, child)) = children.iter().enumerate().find(|entry| twice(*entry)) {
            return Err(ImageFault::PlatformTwice { platform: child.platform.clone() });
        }
        let (digest, size) = (Digest::of(&manifest), manifest.len() as u64);
        let manifest = Encoded(manifest);
        Ok(Self { name, repository, digest, media_type, size, manifest, children, attestations })
    }

    /// Makes the image again from its manifests, and compares.
    pub(super) fn check(&self) -> Result<(), ImageFault> {
        let (name, repository) = (self.name.clone(), self.repository.clone());
        let bytes = self.manifest.0.clone();
        let made = match self.children.as_slice() {
            [only] if !Manifest::parse(&bytes)?.is_index() => {
                Self::of_manifest(name, repository, only.platform.clone(), bytes)
            }
            children => {
                let manifests: Vec<_> =
                    children.iter().map(|child| child.manifest.0.clone()).collect();
                Self::of_index(name, repository, bytes, &manifests)
            }
        }?;
        if made == *self { Ok(()) } else { Err(ImageFault::NotItsManifest) }
    }

    /// What it is called within the release.
    pub const fn name(&self) -> &PartName {
        &self.name
    }

    /// Where it was pushed first: registry and repository, without a tag.
    pub fn repository(&self) -> &str {
        self.repository.as_str()
    }

    /// The digest of the index, or of the only manifest.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The type of the index or manifest, for whoever puts it into a registry.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The raw bytes of the index or manifest, of which `digest` is the digest.
    pub fn manifest(&self) -> &[u8] {
        &self.manifest.0
    }

    /// The image for each platform.
    pub fn children(&self) -> &[Child] {
        &self.children
    }

    /// What the index holds beside images.
    pub fn attestations(&self) -> &[Attestation] {
        &self.attestations
    }
}

impl Child {
    /// What it runs on.
    pub const fn platform(&self) -> &Platform {
        &self.platform
    }

    /// The digest of its manifest.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest of its configuration, which some scanners name it by.
    pub const fn config(&self) -> Digest {
        self.config
    }

    /// The raw bytes of its manifest.
    pub fn manifest(&self) -> &[u8] {
        &self.manifest.0
    }
}

fn child(entry: &Descriptor, manifests: &[Vec<u8>]) -> Result<Child, ImageFault> {
    let platform = entry.platform()?;
    let found = manifests.iter().find(|bytes| Digest::of(bytes) == entry.digest);
    let bytes = found.ok_or_else(|| ImageFault::NoManifest { platform: platform.clone() })?;
    if bytes.len() as u64 != entry.size {
        return Err(ImageFault::OtherSize { platform, said: entry.size, found: bytes.len() });
    }
    let config = Manifest::parse(bytes)?.config()?;
    Ok(Child { platform, digest: entry.digest, config, manifest: Encoded(bytes.clone()) })
}
