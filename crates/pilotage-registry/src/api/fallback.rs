//! The list of referrers for registries that keep none: an index under a tag made of the digest.
//!
//! Clients read it, add to it and write it back. Nothing guards that against another client, so
//! it is read again afterwards, and added to again where an addition got lost.

use bytes::Bytes;
use pilotage_artifact::{Digest, Tag};
use serde_json::{Value, json};

use super::{Attached, Manifest, Name, Remote};
use crate::Error;

/// Two who add at the same time are rare, three times in a row they are something else.
const ATTEMPTS: usize = 3;

/// The tag under which clients list what refers to a digest.
pub(crate) fn fallback_tag(subject: Digest) -> Tag {
    Tag::of_digest(subject)
}

impl Remote {
    /// Adds to the list of what refers to a subject, unless it is on it.
    pub(super) async fn enlist(&self, subject: Digest, new: &Attached) -> Result<(), Error> {
        let _turn = self.client().turn_to_enlist().await;
        let name = Name::Tag(fallback_tag(subject));
        for _ in 0..ATTEMPTS {
            let current = self.find(&name).await?;
            let Some(longer) = with(current.as_ref(), new)? else { return Ok(()) };
            self.put(&name, &longer).await?;
        }
        match self.find(&name).await?.as_ref().map(|current| with(Some(current), new)) {
            Some(Ok(None)) => Ok(()),
            _ => {
                let why = "others keep replacing it".into();
                Err(Error::Malformed { doing: format!("add to {}", self.named(&name)), why })
            }
        }
    }
}

/// The list with one more, or nothing if it is on it.
fn with(current: Option<&Manifest>, new: &Attached) -> Result<Option<Manifest>, Error> {
    let malformed = |why: String| Error::Malformed { doing: "add to a list".into(), why };
    let empty = || {
        let media_type = "application/vnd.oci.image.index.v1+json";
        json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": [] })
    };
    // As it was written, so that what others put there and we do not know stays.
    let mut list = match current {
        Some(manifest) => serde_json::from_slice(manifest.bytes())
            .map_err(|error| malformed(error.to_string()))?,
        None => empty(),
    };
    let entries = list.get_mut("manifests").and_then(Value::as_array_mut);
    let entries = entries.ok_or_else(|| malformed("it is no list".into()))?;
    let digest = Value::String(new.blob.digest.to_string());
    if entries.iter().any(|entry| entry.get("digest") == Some(&digest)) {
        return Ok(None);
    }
    entries.push(new.descriptor());
    let sent_as = current.map(Manifest::media_type);
    Manifest::parse(Bytes::from(list.to_string()), sent_as).map(Some)
}
