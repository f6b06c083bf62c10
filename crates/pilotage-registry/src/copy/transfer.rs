//! Bringing blobs and manifests, each once, in the order in which they need each other.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::Found;
use super::together::together;
use super::tree::Tree;
use super::{Copied, Event, Order, Progress};
use crate::{Blob, Error, Manifest, Name, Part, Pushed, Remote};

/// The two ends of a transfer, and who is told.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) from: Remote,
    pub(super) to: Remote,
    pub(super) progress: Arc<dyn Progress>,
}

impl Route {
    pub(super) fn of(order: &Order, progress: Arc<dyn Progress>) -> Self {
        Self { from: order.from.clone(), to: order.to.clone(), progress }
    }

    /// Brings every blob, the large ones first, so that none of them is left for the end.
    pub(super) async fn blobs(
        &self,
        blobs: BTreeSet<Blob>,
        copied: &mut Copied,
    ) -> Result<(), Error> {
        let mut blobs: Vec<Blob> = blobs.into_iter().collect();
        blobs.sort_by_key(|blob| core::cmp::Reverse(blob.size));
        let outcomes = together(blobs.into_iter().map(|blob| self.clone().blob(blob))).await?;
        for (blob, pushed) in outcomes {
            match pushed {
                Pushed::There => copied.spared += 1,
                Pushed::Sent => {
                    copied.sent.0 += 1;
                    copied.sent.1 += blob.size;
                }
            }
        }
        Ok(())
    }

    async fn blob(self, blob: Blob) -> Result<(Blob, Pushed), Error> {
        let _turn = self.to.client().transfers().acquire_owned().await;
        // From another registry nothing can be taken over; the question then is whether it is here.
        let near = if self.to.shares_registry_with(&self.from) { &self.from } else { &self.to };
        let pushed = self.to.push(blob, &self.from, near.repository()).await?;
        self.progress.note(&Event::Blob(blob, pushed));
        Ok((blob, pushed))
    }

    /// Stores all that stands below the root, deepest first.
    pub(super) async fn children(&self, tree: &Tree, copied: &mut Copied) -> Result<(), Error> {
        for level in tree.levels.iter().skip(1).rev() {
            let tasks = level.iter().map(|manifest| self.clone().child(manifest.clone()));
            copied.manifests += together(tasks).await?.len();
        }
        Ok(())
    }

    async fn child(self, manifest: Manifest) -> Result<(), Error> {
        let _turn = self.to.client().transfers().acquire_owned().await;
        self.manifest(&manifest).await
    }

    /// Stores a manifest under its digest.
    pub(super) async fn manifest(&self, manifest: &Manifest) -> Result<(), Error> {
        let name = Name::Digest(manifest.digest());
        self.to.put(&name, manifest).await?;
        self.progress.note(&Event::Manifest(manifest.digest()));
        Ok(())
    }

    /// Stores all evidence; what it is about is there by now.
    pub(super) async fn evidence(&self, found: &Found, copied: &mut Copied) -> Result<(), Error> {
        for tree in &found.trees {
            self.children(tree, copied).await?;
            for root in tree.levels.iter().take(1).flatten() {
                self.to.store_evidence(root).await?;
                self.progress.note(&Event::Manifest(root.digest()));
                copied.manifests += 1;
                copied.evidence.push(root.digest());
            }
        }
        for (tag, manifest) in &found.tagged {
            self.signatures(&Name::Tag(tag.clone()), manifest).await?;
        }
        Ok(())
    }

    /// A tag of signatures collects them as layers; none of them may get lost.
    async fn signatures(&self, name: &Name, ours: &Manifest) -> Result<(), Error> {
        let Some(theirs) = self.to.find(name).await? else {
            return self.to.put(name, ours).await;
        };
        let (held, new) = (layers(&theirs), layers(ours));
        if held.is_superset(&new) {
            return Ok(());
        }
        if new.is_superset(&held) {
            return self.to.put(name, ours).await;
        }
        Err(Error::EvidenceDiffers { image: self.to.named(name) })
    }
}

/// The payloads alone: the configuration is made of them and differs with each.
fn layers(manifest: &Manifest) -> BTreeSet<Blob> {
    let parts = manifest.parts().unwrap_or_default().into_iter().skip(1);
    parts
        .map(|part| match part {
            Part::Blob(blob) | Part::Manifest(blob) => blob,
        })
        .collect()
}
