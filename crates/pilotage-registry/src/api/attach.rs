//! Evidence on an image: attached, listed, read.

use std::collections::BTreeMap;

use bytes::Bytes;
use oci_spec::image::Descriptor;
use pilotage_artifact::Digest;
use serde_json::{Value, json};

use super::artifact::{EMPTY, Subject, descriptor};
use super::{Artifact, Blob, Kind, Manifest, Name, Payload, Remote, manifest};
use crate::Error;

/// Something that refers to a manifest, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its manifest.
    pub blob: Blob,
    /// The media type of its manifest.
    pub media_type: String,
    /// What kind of evidence it is.
    pub artifact_type: Option<String>,
    /// What it says of itself.
    pub annotations: BTreeMap<String, String>,
}

impl Remote {
    /// Stores an artifact as evidence on a manifest that is here.
    pub async fn attach(&self, subject: Digest, artifact: &Artifact) -> Result<Attached, Error> {
        let manifest = artifact.manifest(&self.subject(subject).await?)?;
        self.provide_empty().await?;
        for payload in &artifact.payloads {
            self.push(payload.blob(), &payload.bytes, self.repository()).await?;
        }
        self.store_evidence(&manifest).await?;
        Ok(Attached::of(&manifest))
    }

    /// Sees to it that the empty configuration is here, which all evidence shares.
    ///
    /// It is looked for first: to upload it again, or to take it over, makes some registries rewrite
    /// its link, and whoever stores a manifest that names it in that moment is refused.
    pub(crate) async fn provide_empty(&self) -> Result<(), Error> {
        let (blob, empty) = (Blob::of(EMPTY), Bytes::from_static(EMPTY));
        if self.has(blob).await? {
            return Ok(());
        }
        self.push(blob, &empty, self.repository()).await.map(drop)
    }

    /// What is attached to a manifest, of one kind or of all.
    pub async fn attached(
        &self,
        subject: Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Attached>, Error> {
        let mut found = self.referrers(subject).await?.found;
        // A registry may have filtered, but need not.
        let wanted = |one: &Attached| {
            artifact_type.is_none_or(|wanted| one.artifact_type.as_deref() == Some(wanted))
        };
        found.retain(wanted);
        Ok(found)
    }

    /// Reads what an artifact consists of, each part no larger than the limit.
    pub async fn payloads(&self, attached: &Attached, limit: usize) -> Result<Vec<Payload>, Error> {
        let name = Name::Digest(attached.blob.digest);
        let manifest = self.manifest(&name).await?;
        let malformed =
            |why: String| Error::Malformed { doing: format!("read {}", self.named(&name)), why };
        let Kind::Image(image) = manifest.kind() else {
            return Err(malformed("it is a list, not an artifact".into()));
        };
        let mut payloads = Vec::new();
        for layer in image.layers() {
            let blob = manifest::blob(layer).map_err(malformed)?;
            let bytes = self.blob(blob).collect(limit).await?;
            payloads.push(Payload { media_type: layer.media_type().to_string(), bytes });
        }
        Ok(payloads)
    }

    /// Stores a manifest that refers to another, and sees to it that it is found from there.
    pub(crate) async fn store_evidence(&self, manifest: &Manifest) -> Result<(), Error> {
        let stored = self.store(&Name::Digest(manifest.digest()), manifest).await?;
        match manifest.subject() {
            Some(subject) if !stored.tracks_subject => {
                self.enlist(subject, &Attached::of(manifest)).await
            }
            _ => Ok(()),
        }
    }

    async fn subject(&self, digest: Digest) -> Result<Subject, Error> {
        let name = Name::Digest(digest);
        let missing = || Error::Missing { what: self.named(&name) };
        let found = self.look(&name).await?.ok_or_else(missing)?;
        if let (Some(media_type), Some(size)) = (found.media_type, found.size) {
            return Ok(Subject { digest, media_type, size });
        }
        let manifest = self.manifest(&name).await?;
        let (media_type, size) = (manifest.media_type().to_owned(), manifest.size());
        Ok(Subject { digest, media_type, size })
    }
}

impl Attached {
    fn of(manifest: &Manifest) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            blob: Blob { digest: manifest.digest(), size: manifest.size() },
            media_type: manifest.media_type().to_owned(),
            artifact_type: manifest.artifact_type(),
            annotations: manifest.annotations().map(owned).collect(),
        }
    }

    pub(super) fn listed(descriptor: &Descriptor) -> Result<Self, String> {
        let annotations = descriptor.annotations().iter().flatten();
        Ok(Self {
            blob: manifest::blob(descriptor)?,
            media_type: descriptor.media_type().to_string(),
            artifact_type: descriptor.artifact_type().as_ref().map(ToString::to_string),
            annotations: annotations.map(|(name, value)| (name.clone(), value.clone())).collect(),
        })
    }

    pub(super) fn descriptor(&self) -> Value {
        let mut entry = descriptor(&self.media_type, self.blob);
        if let Some(artifact_type) = &self.artifact_type {
            entry["artifactType"] = json!(artifact_type);
        }
        if !self.annotations.is_empty() {
            entry["annotations"] = json!(self.annotations);
        }
        entry
    }
}
