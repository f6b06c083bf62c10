//! Something to attach evidence to where its subject is no manifest of the repository.
//!
//! Evidence in a registry refers to a manifest. A release record, an environment, an output that is
//! no image, or an image that is kept elsewhere have none; for them a manifest stands in that is
//! made of the digest of the subject and of nothing else. Whoever knows the subject knows the
//! digest of its anchor, so nobody has to be believed about which is whose:
//!
//! ```json
//! {
//!   "annotations": { "dev.pilotage.subject": "sha256:…" },
//!   "artifactType": "application/vnd.pilotage.anchor.v1+json",
//!   "config": { …the empty object of the OCI specification… },
//!   "layers": [ …the same… ],
//!   "mediaType": "application/vnd.oci.image.manifest.v1+json",
//!   "schemaVersion": 2
//! }
//! ```
//!
//! It has a tag, `anchor-sha256-…`, so that other tools find it by the digest of the subject, and
//! that whoever clears away what has no tag leaves it where it is.

use bytes::Bytes;
use oci_spec::image::MediaType;
use pilotage_artifact::{Digest, Tag};

use crate::api::EMPTY;
use crate::{Error, Manifest, Name, Remote};

const KIND: &str = "application/vnd.pilotage.anchor.v1+json";
const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const SUBJECT: &str = "dev.pilotage.subject";

/// The anchor of a subject: the same for everybody and at all times.
pub(super) fn anchor(subject: Digest) -> Result<Manifest, Error> {
    // Written out, so that no setting of a library can give it another order, and so another digest.
    let (digest, size) = (Digest::of(EMPTY), EMPTY.len());
    let empty = format!(
        r#"{{"data":"e30=","digest":"{digest}","mediaType":"{}","size":{size}}}"#,
        MediaType::EmptyJSON
    );
    let body = format!(
        r#"{{"annotations":{{"{SUBJECT}":"{subject}"}},"artifactType":"{KIND}","config":{empty},"layers":[{empty}],"mediaType":"{IMAGE}","schemaVersion":2}}"#
    );
    Manifest::parse(Bytes::from(body), None)
}

/// What other tools find the anchor by.
fn tag(subject: Digest) -> Result<Tag, Error> {
    let malformed =
        |why: String| Error::Malformed { doing: format!("name the anchor of {subject}"), why };
    let text = format!("anchor-{}", Tag::of_digest(subject));
    text.parse().map_err(|error: pilotage_artifact::InvalidTag| malformed(error.to_string()))
}

/// Sees to it that the anchor of a subject is there, and gives its digest.
pub(super) async fn cast(at: &Remote, subject: Digest) -> Result<Digest, Error> {
    let _turn = at.client().turn_to_enlist().await;
    let manifest = anchor(subject)?;
    let digest = manifest.digest();
    let tagged = Name::Tag(tag(subject)?);
    // The tag is written last, so where it is, all is.
    if is_there(at, &tagged, digest).await? {
        return Ok(digest);
    }
    at.provide_empty().await?;
    put(at, &Name::Digest(digest), &manifest).await?;
    put(at, &tagged, &manifest).await?;
    Ok(digest)
}

/// A registry whose tags never move refuses the second of two who cast one anchor: what is there
/// decides.
async fn put(at: &Remote, name: &Name, manifest: &Manifest) -> Result<(), Error> {
    match at.put(name, manifest).await {
        Err(error) if error.said().is_some() => {
            let there = is_there(at, name, manifest.digest()).await?;
            if there { Ok(()) } else { Err(error) }
        }
        put => put,
    }
}

async fn is_there(at: &Remote, name: &Name, digest: Digest) -> Result<bool, Error> {
    Ok(at.look(name).await?.is_some_and(|found| found.digest == digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_has_one_anchor_for_ever() {
        let subject = Digest::of(b"subject");
        let made = anchor(subject).expect("a manifest");
        // What was attached to an anchor is found only as long as its digest stays the same.
        let digest = "sha256:0c82d177b959314ba8ae0fd32f4b85df07478a471b82c571feaefa8afc4f7fae";
        assert_eq!(made.digest().to_string(), digest);
        assert_eq!(made.artifact_type().as_deref(), Some(KIND));
        assert_ne!(made.digest(), anchor(Digest::of(b"other")).expect("a manifest").digest());
        let tag = tag(subject).expect("a tag").to_string();
        assert!(tag.starts_with("anchor-sha256-") && tag.len() < 128, "{tag}");
    }
}
