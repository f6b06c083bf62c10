//! A promotion from its order to its outcome.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::{self, Found};
use super::tags::{self, Step};
use super::transfer::Route;
use super::tree::Tree;
use super::{Change, Copied, Event, Evidence, Order, Progress};
use crate::{Blob, Error, Manifest, Name};

/// Carries out an order.
///
/// An error before the tags leaves things at the destination that nothing names; the next run
/// finds and uses them. An error between two tags leaves those that were written.
pub async fn copy(order: &Order, progress: Arc<dyn Progress>) -> Result<Copied, Error> {
    let looked = tags::look(order).await?;
    let mut copied = Copied::nothing(order.digest);
    if !looked.is_empty() && looked.iter().all(|looked| looked.step == Step::Keep) {
        copied.tags = looked.into_iter().map(|looked| (looked.tag, Change::Unchanged)).collect();
        return Ok(copied);
    }
    let manifest = held_or_read(order).await?;
    let route = Route::of(order, progress.clone());
    if !order.stays() {
        bring(order, &route, &manifest, &mut copied).await?;
    }
    for looked in looked {
        let (tag, change) = looked.write(&order.to, &manifest, order.confirm).await?;
        progress.note(&Event::Tag(tag.clone(), order.digest));
        copied.tags.push((tag, change));
    }
    Ok(copied)
}

async fn held_or_read(order: &Order) -> Result<Manifest, Error> {
    let name = Name::Digest(order.digest);
    let (expected, what) = (order.digest, order.from.named(&name));
    match &order.manifest {
        Some(manifest) if manifest.digest() == expected => Ok(manifest.clone()),
        Some(manifest) => Err(Error::WrongDigest { what, expected, found: manifest.digest() }),
        None => order.from.manifest(&name).await,
    }
}

/// Everything but the tags.
async fn bring(
    order: &Order,
    route: &Route,
    root: &Manifest,
    copied: &mut Copied,
) -> Result<(), Error> {
    let tree = Tree::read(&order.from, root.clone()).await?;
    let found = match order.evidence {
        Evidence::Whole => evidence::look(&order.from, &tree).await?,
        Evidence::Left => Found::default(),
    };
    let blobs = blobs(&tree, &found);
    let trees = core::iter::once(&tree).chain(&found.trees);
    route.progress.note(&Event::Planned {
        manifests: trees.flat_map(Tree::manifests).count(),
        blobs: blobs.len(),
        bytes: blobs.iter().map(|blob| blob.size).sum(),
    });
    route.blobs(blobs, copied).await?;
    route.children(&tree, copied).await?;
    copied.manifests += 1;
    // Without evidence to come first, the first tag brings the root along.
    if order.tags.is_empty() || !found.trees.is_empty() {
        route.manifest(root).await?;
    }
    route.evidence(&found, copied).await
}

fn blobs(image: &Tree, found: &Found) -> BTreeSet<Blob> {
    let evidence = found.trees.iter().flat_map(Tree::blobs);
    image.blobs().chain(evidence).collect()
}
