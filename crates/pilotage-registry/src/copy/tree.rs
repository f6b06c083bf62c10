//! All manifests of an image: an index, what it lists, and what that lists.

use std::collections::BTreeSet;

use pilotage_artifact::Digest;

use super::together::together;
use crate::{Blob, Error, Manifest, Name, Part, Remote};

const MOST_LEVELS: usize = 8;
const MOST_MANIFESTS: usize = 1_000;

/// The manifests by their level: the root first, what needs nothing last.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) levels: Vec<Vec<Manifest>>,
}

impl Tree {
    /// Reads everything below a root.
    pub(super) async fn read(from: &Remote, root: Manifest) -> Result<Self, Error> {
        let what = || format!("the manifests below {}", from.named(&Name::Digest(root.digest())));
        let mut seen = BTreeSet::from([root.digest()]);
        let mut levels = vec![vec![root.clone()]];
        loop {
            let above = levels.last().into_iter().flatten();
            let next: Vec<Digest> =
                above.flat_map(children).filter(|digest| seen.insert(*digest)).collect();
            if next.is_empty() {
                return Ok(Self { levels });
            }
            if seen.len() > MOST_MANIFESTS {
                return Err(Error::TooMany { what: what(), limit: MOST_MANIFESTS });
            }
            if levels.len() >= MOST_LEVELS {
                return Err(Error::TooMany { what: what(), limit: MOST_LEVELS });
            }
            levels
                .push(together(next.into_iter().map(|digest| fetch(from.clone(), digest))).await?);
        }
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
