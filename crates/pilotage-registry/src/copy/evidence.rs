//! The evidence on an image: found wherever clients put it.
//!
//! Signatures, SBOMs and attestations are referrers, on the index or on one of its children, and
//! can have evidence themselves. Older clients use tags that are made of the digest. Both kinds are
//! found; what cannot be looked for is an error, for a promotion without its evidence is worse than
//! none.

use std::collections::{BTreeMap, BTreeSet};

use pilotage_artifact::{Digest, Tag};

use super::tree::Tree;
use crate::api::fallback_tag;
use crate::{Error, Manifest, Name, Remote};

/// The endings of tags that hold evidence themselves.
const ENDINGS: [&str; 3] = [".sig", ".att", ".sbom"];
const MOST: usize = 1_000;

/// All evidence on an image.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order in which it was found: what it is about comes first.
    pub(super) trees: Vec<Tree>,
    /// Evidence that is found by its tag.
    pub(super) tagged: BTreeMap<Tag, Manifest>,
}

/// Looks for the evidence on everything in the tree, and on what it finds.
pub(super) async fn look(from: &Remote, image: &Tree) -> Result<Found, Error> {
    let mut found = Found::default();
    let mut seen: BTreeSet<Digest> = image.manifests().map(Manifest::digest).collect();
    let mut subjects: Vec<Digest> = image.manifests().map(Manifest::digest).collect();
    let tags = Tags::list(from).await;
    while let Some(subject) = subjects.pop() {
        let mut roots = referrers(from, subject, &tags).await?;
        for (tag, manifest) in tagged(from, subject, &tags).await? {
            roots.push(manifest.clone());
            found.tagged.insert(tag, manifest);
        }
        for root in roots {
            if !seen.insert(root.digest()) {
                continue;
            }
            if seen.len() > MOST {
                let what = format!("evidence on {}", from.named(&Name::Digest(subject)));
                return Err(Error::TooMany { what, limit: MOST });
            }
            let tree = Tree::read(from, root).await?;
            subjects.extend(tree.manifests().map(Manifest::digest));
            found.trees.push(tree);
        }
    }
    Ok(found)
}

/// Whether the evidence on some manifests, and the evidence on that, is at another place as well.
///
/// What the lists of both registries say is compared; nothing of the evidence itself is read.
pub async fn has_evidence(from: &Remote, at: &Remote, on: &[Digest]) -> Result<bool, Error> {
    let mut subjects = on.to_vec();
    let mut seen: BTreeSet<Digest> = on.iter().copied().collect();
    let tags = Tags::list(from).await;
    while let Some(subject) = subjects.pop() {
        let here = listed(from, subject, &tags).await?;
        if !holds(at, subject, &here).await? || !holds_tagged(from, at, subject, &tags).await? {
            return Ok(false);
        }
        subjects.extend(here.into_iter().filter(|one| seen.insert(*one)));
        if seen.len() > MOST {
            let what = format!("evidence on {}", from.named(&Name::Digest(subject)));
            return Err(Error::TooMany { what, limit: MOST });
        }
    }
    Ok(true)
}

/// Whether all of this is listed there as evidence on the subject.
async fn holds(at: &Remote, subject: Digest, wanted: &[Digest]) -> Result<bool, Error> {
    if wanted.is_empty() {
        return Ok(true);
    }
    let there = at.attached(subject, None).await?;
    Ok(wanted.iter().all(|digest| there.iter().any(|one| one.blob.digest == *digest)))
}

async fn holds_tagged(
    from: &Remote,
    at: &Remote,
    subject: Digest,
    tags: &Tags,
) -> Result<bool, Error> {
    for tag in evidence_tags(subject).filter(|tag| tags.may_have(tag)) {
        let name = Name::Tag(tag);
        let Some(here) = from.look(&name).await? else { continue };
        if at.look(&name).await?.is_none_or(|there| there.digest != here.digest) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The tags of the source, which spare a question for each of the tags that evidence may have.
struct Tags(Option<BTreeSet<Tag>>);

impl Tags {
    /// A list that cannot be had is no reason to stop: each tag is then asked for.
    async fn list(from: &Remote) -> Self {
        Self(from.tags().await.ok().map(BTreeSet::from_iter))
    }

    fn may_have(&self, tag: &Tag) -> bool {
        self.0.as_ref().is_none_or(|tags| tags.contains(tag))
    }
}

async fn referrers(from: &Remote, subject: Digest, tags: &Tags) -> Result<Vec<Manifest>, Error> {
    let mut manifests = Vec::new();
    for digest in listed(from, subject, tags).await? {
        manifests.push(from.manifest(&Name::Digest(digest)).await?);
    }
    Ok(manifests)
}

/// The digests of what refers to a subject.
async fn listed(from: &Remote, subject: Digest, tags: &Tags) -> Result<Vec<Digest>, Error> {
    let list = match from.tracked_referrers(subject).await? {
        Some(list) => list,
        None if tags.may_have(&fallback_tag(subject)) => from.enlisted(subject).await?,
        None => Vec::new(),
    };
    Ok(list.into_iter().map(|one| one.blob.digest).collect())
}

/// The tags under which evidence on a subject may be.
fn evidence_tags(subject: Digest) -> impl Iterator<Item = Tag> {
    let subject = fallback_tag(subject);
    ENDINGS.into_iter().filter_map(move |ending| format!("{subject}{ending}").parse().ok())
}

async fn tagged(
    from: &Remote,
    subject: Digest,
    tags: &Tags,
) -> Result<Vec<(Tag, Manifest)>, Error> {
    let mut found = Vec::new();
    for tag in evidence_tags(subject).filter(|tag| tags.may_have(tag)) {
        if let Some(manifest) = from.find(&Name::Tag(tag.clone())).await? {
            found.push((tag, manifest));
        }
    }
    Ok(found)
}
