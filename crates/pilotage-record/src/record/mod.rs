//! The release record: what a release is, bound together and named by its hash.
//!
//! A record is immutable. Its bytes are canonical JSON, so its id, the SHA-256 of the bytes, names
//! the content and nothing else; whoever has the id can take the bytes from anybody. Everything in
//! it that can be proven without a network is proven when it is read: the digest of every image
//! follows from manifests that are kept inside, the digest of the migrations from their list.
//!
//! A record does not say that it is authentic, nor what became of the release: signed
//! [events](crate::event) do.

mod content;
mod error;
mod image;
mod manifest;

use core::fmt::{self, Display, Formatter};
use core::str::FromStr;

use pilotage_artifact::{Digest, InvalidDigest, InvalidReleaseId, Release};
use serde::{Deserialize, Serialize};

pub use content::{
    Builder, Clean, Content, EvidenceKind, EvidenceReference, GitTag, Migration, Migrations,
    Output, Schema, SecretReference, Source,
};
pub use error::{ImageFault, RecordError};
pub use image::{Attestation, Child, Image};

use crate::canonical;
use crate::text::{PartName, Platform};

/// The kind of a record, for places that keep several.
pub const MEDIA_TYPE: &str = "application/vnd.pilotage.release.v1+json";

/// The largest record that is read: a few images with their manifests are a hundredth of it.
pub const LARGEST: usize = 16 << 20;

/// The name of a record: the digest of its canonical bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(Digest);

impl RecordId {
    /// The record whose bytes have this digest.
    pub const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest of its bytes.
    pub const fn digest(self) -> Digest {
        self.0
    }

    /// Enough of it for a person to tell two records apart.
    pub fn short(self) -> String {
        self.0.short()
    }
}

impl Display for RecordId {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A release record. One that exists is consistent, and its id is that of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    id: RecordId,
    bytes: Vec<u8>,
    content: Content,
}

impl Record {
    /// Records a release.
    pub fn new(content: Content) -> Result<Self, RecordError> {
        check(&content)?;
        let bytes = canonical::to_bytes(&content).map_err(RecordError::Bytes)?;
        Self::parse(&bytes)
    }

    /// Reads a record, and refuses whatever is not exactly the bytes of a consistent one.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let content: Content = canonical::from_slice(bytes, LARGEST).map_err(RecordError::Bytes)?;
        check(&content)?;
        Ok(Self { id: RecordId(Digest::of(bytes)), bytes: bytes.to_vec(), content })
    }

    /// Reads the record of this id.
    pub fn expect(id: RecordId, bytes: &[u8]) -> Result<Self, RecordError> {
        let found = Digest::of(bytes);
        if found != id.0 {
            return Err(RecordError::Another { wanted: id.0, found });
        }
        Self::parse(bytes)
    }

    /// Its id.
    pub const fn id(&self) -> RecordId {
        self.id
    }

    /// Its canonical bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it says.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// What evidence about the release is attached to: its first image, or else its first output.
    pub fn anchor(&self) -> Digest {
        let image = self.content.images.first().map(Image::digest);
        let output = || self.content.outputs.first().map(|output| output.digest);
        image.or_else(output).unwrap_or(self.id.0)
    }

    /// Every image for every platform.
    pub fn children(&self) -> impl Iterator<Item = (&PartName, &Child)> {
        let images = self.content.images.iter();
        images.flat_map(|image| image.children().iter().map(move |child| (image.name(), child)))
    }

    /// Every platform that an image is for, each once, in order.
    pub fn platforms(&self) -> Vec<Platform> {
        let mut platforms: Vec<_> =
            self.children().map(|(_, child)| child.platform().clone()).collect();
        platforms.sort();
        platforms.dedup();
        platforms
    }

    /// The release as targets know it. Its identity is the version where a label can carry that,
    /// and the beginning of the record's id, so that two records are never taken for one.
    pub fn release(&self) -> Result<Release, InvalidReleaseId> {
        let version = self.content.version.as_str().replace(['+', '_'], "-").to_lowercase();
        let version: String = version.chars().take(48).collect();
        let id = format!("{version}.{}", self.id.short()).parse()?;
        Ok(Release { id, digest: self.id.0, sequence: self.content.sequence })
    }
}

fn check(content: &Content) -> Result<(), RecordError> {
    if content.images.is_empty() && content.outputs.is_empty() {
        return Err(RecordError::Empty);
    }
    once("image", content.images.iter().map(|image| image.name().to_string()))?;
    once("output", content.outputs.iter().map(|output| output.name.to_string()))?;
    once("migration", content.migrations.ordered.iter().map(|one| one.id.to_string()))?;
    let secret = |one: &SecretReference| format!("{} in {}", one.name, one.environment);
    once("secret", content.secrets.iter().map(secret))?;
    check_tag(content)?;
    check_migrations(&content.migrations)?;
    content.images.iter().try_for_each(check_image)
}

fn check_image(image: &Image) -> Result<(), RecordError> {
    let named = |source| RecordError::Image { image: image.name().to_string(), source };
    image.check().map_err(named)
}

fn check_tag(content: &Content) -> Result<(), RecordError> {
    let Some(tag) = &content.source.tag else { return Ok(()) };
    let commit = &content.source.commit;
    if tag.commit != *commit {
        let (tagged, commit) = (tag.commit.clone(), commit.clone());
        return Err(RecordError::TagElsewhere { tag: tag.name.to_string(), tagged, commit });
    }
    let expected = format!("{}{}", content.prefix, content.version);
    if tag.name.as_str() != expected {
        return Err(RecordError::TagOtherwise { tag: tag.name.to_string(), expected });
    }
    Ok(())
}

fn check_migrations(migrations: &Migrations) -> Result<(), RecordError> {
    let (found, said) = (Migrations::digest(&migrations.ordered), migrations.digest);
    if found == said { Ok(()) } else { Err(RecordError::Migrations { found, said }) }
}

fn once(what: &'static str, names: impl Iterator<Item = String>) -> Result<(), RecordError> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name.clone()) {
            return Err(RecordError::Twice { what, name });
        }
    }
    Ok(())
}
