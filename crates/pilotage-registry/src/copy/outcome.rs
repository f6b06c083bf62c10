//! What a promotion did.

use pilotage_artifact::{Digest, Tag};

/// What a promotion did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// What every tag of the order names now.
    pub digest: Digest,
    /// What became of each tag.
    pub tags: Vec<(Tag, Change)>,
    /// Manifests that were stored, evidence included.
    pub manifests: usize,
    /// Blobs that were sent, and their bytes.
    pub sent: (usize, u64),
    /// Blobs that were there already, or that the registry took over by itself.
    pub spared: usize,
    /// The evidence that came along.
    pub evidence: Vec<Digest>,
}

/// What became of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It named the image already.
    Unchanged,
    /// It names the image now. What it named before is known where it was looked at.
    Set {
        /// What it named before.
        before: Option<Digest>,
    },
}

impl Copied {
    pub(super) fn nothing(digest: Digest) -> Self {
        let (tags, evidence) = (Vec::new(), Vec::new());
        Self { digest, tags, manifests: 0, sent: (0, 0), spared: 0, evidence }
    }

    /// Whether everything was as ordered before.
    pub fn is_unchanged(&self) -> bool {
        self.manifests == 0 && self.tags.iter().all(|(_, change)| *change == Change::Unchanged)
    }
}
