//! All manifests of an image: an index, what it lists, and what that lists.

use std::collections::{BTreeMap, BTreeSet};

use pilotage_artifact::Digest;

use super::together::together;
use crate::{Blob, Error, Manifest, Name, Part, Remote};

const MOST_LEVELS: usize = 8;
const MOST_MANIFESTS: usize = 1_000;

/// The manifests by their level: the root first, and everything below all that lists it.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) levels: Vec<Vec<Manifest>>,
}

impl Tree {
    /// Reads everything below a root. What is listed on several levels stands on the lowest, so
    /// that it is there before all that lists it.
    pub(super) async fn read(from: &Remote, root: Manifest) -> Result<Self, Error> {
        let what = format!("the manifests below {}", from.named(&Name::Digest(root.digest())));
        let mut level = BTreeSet::from([root.digest()]);
        let mut known = BTreeMap::from([(root.digest(), (0, root))]);
        for depth in 1..=MOST_LEVELS {
            let above = level.iter().filter_map(|digest| known.get(digest));
            level = above.flat_map(|(_, manifest)| children(manifest)).collect();
            if level.is_empty() {
                return Ok(Self::arranged(known));
            }
            let new = level.iter().filter(|digest| !known.contains_key(digest));
            let new: Vec<Digest> = new.copied().collect();
            if known.len() + new.len() > MOST_MANIFESTS {
                return Err(Error::TooMany { what, limit: MOST_MANIFESTS });
            }
            for manifest in together(new.into_iter().map(|one| fetch(from.clone(), one))).await? {
                known.insert(manifest.digest(), (depth, manifest));
            }
            for digest in &level {
                known.entry(*digest).and_modify(|(at, _)| *at = depth);
            }
        }
        Err(Error::TooMany { what, limit: MOST_LEVELS })
    }

    fn arranged(known: BTreeMap<Digest, (usize, Manifest)>) -> Self {
        let mut levels: BTreeMap<usize, Vec<Manifest>> = BTreeMap::new();
        for (at, manifest) in known.into_values() {
            levels.entry(at).or_default().push(manifest);
        }
        Self { levels: levels.into_values().collect() }
    }

    pub(super) fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        self.levels.iter().flatten()
    }

    pub(super) fn blobs(&self) -> impl Iterator<Item = Blob> {
        self.manifests().flat_map(parts).filter_map(|part| match part {
            Part::Blob(blob) => Some(blob),
            Part::Manifest(_) => None,
        })
    }
}

async fn fetch(from: Remote, digest: Digest) -> Result<Manifest, Error> {
    let _turn = from.client().transfers().acquire_owned().await;
    from.manifest(&Name::Digest(digest)).await
}

fn children(manifest: &Manifest) -> Vec<Digest> {
    let child = |part: Part| match part {
        Part::Manifest(child) => Some(child.digest),
        Part::Blob(_) => None,
    };
    parts(manifest).into_iter().filter_map(child).collect()
}

/// A manifest is only made where its parts can be read.
fn parts(manifest: &Manifest) -> Vec<Part> {
    manifest.parts().unwrap_or_default()
}
