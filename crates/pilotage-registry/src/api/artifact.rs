//! Something to attach to an image: a record, a signature, a report.

use std::collections::BTreeMap;

use bytes::Bytes;
use oci_spec::image::MediaType;
use pilotage_artifact::Digest;
use serde_json::{Value, json};

use super::{Blob, Manifest, manifest};
use crate::Error;

/// What an empty configuration is made of.
pub(crate) const EMPTY: &[u8] = b"{}";

/// Something to attach to an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// What kind of evidence it is, such as `application/vnd.dev.sigstore.bundle.v0.3+json`.
    pub artifact_type: String,
    /// What lists of evidence show, without anybody reading the payloads.
    pub annotations: BTreeMap<String, String>,
    /// What it consists of.
    pub payloads: Vec<Payload>,
}

/// A part of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What an artifact is about.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) digest: Digest,
    pub(super) media_type: String,
    pub(super) size: u64,
}

impl Artifact {
    /// The manifest. The same artifact always gives the same bytes, so attaching twice is the same
    /// as once.
    pub(super) fn manifest(&self, subject: &Subject) -> Result<Manifest, Error> {
        let Subject { digest, media_type, size } = subject;
        let mut config = descriptor(MediaType::EmptyJSON.as_ref(), Blob::of(EMPTY));
        config["data"] = json!("e30=");
        let layers: Vec<Value> = self.payloads.iter().map(Payload::descriptor).collect();
        let mut whole = json!({
            "schemaVersion": 2,
            "mediaType": manifest::image().as_ref(),
            "artifactType": self.artifact_type,
            "config": config,
            "layers": layers,
            "subject": descriptor(media_type, Blob { digest: *digest, size: *size }),
        });
        if !self.annotations.is_empty() {
            whole["annotations"] = json!(self.annotations);
        }
        Manifest::parse(Bytes::from(whole.to_string()), None)
    }
}

impl Payload {
    pub(super) fn blob(&self) -> Blob {
        Blob::of(&self.bytes)
    }

    fn descriptor(&self) -> Value {
        descriptor(&self.media_type, self.blob())
    }
}

pub(super) fn descriptor(media_type: &str, blob: Blob) -> Value {
    json!({ "mediaType": media_type, "digest": blob.digest, "size": blob.size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_artifact_is_the_same_manifest() {
        let annotations = [("b", "2"), ("a", "1")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let payload = Payload { media_type: "text/plain".into(), bytes: "hello".into() };
        let artifact = Artifact {
            artifact_type: "application/x.test".into(),
            annotations: annotations.into(),
            payloads: vec![payload],
        };
        let digest = Digest::of(b"subject");
        let media_type = "application/vnd.oci.image.index.v1+json".into();
        let subject = Subject { digest, media_type, size: 7 };
        let manifest = artifact.manifest(&subject).expect("a manifest");
        assert_eq!(manifest, artifact.manifest(&subject).expect("a manifest"));
        assert_eq!(manifest.subject(), Some(digest));
        assert_eq!(manifest.artifact_type().as_deref(), Some("application/x.test"));
        assert_eq!(manifest.parts().expect("known digests").len(), 2);
    }
}
