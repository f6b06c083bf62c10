//! What is to be promoted, and how carefully.

use pilotage_artifact::{Digest, Tag};

use crate::{Manifest, Remote};

/// An order to bring one image somewhere.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where it is.
    pub from: Remote,
    /// Where it is to be; the same as `from` to give it further tags.
    pub to: Remote,
    /// What it is. Not a tag: what a tag names can change between the test and now.
    pub digest: Digest,
    /// Its manifest, where it is at hand already, as in a release record.
    pub manifest: Option<Manifest>,
    /// The tags that are to name it.
    pub tags: Vec<(Tag, Class)>,
    /// Whether its evidence comes along.
    pub evidence: Evidence,
    /// How it is made sure that a tag arrived.
    pub confirm: Confirm,
}

/// Whether a tag may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It names one thing for ever: a version, the build of a commit.
    Immutable,
    /// It names the latest of something: `latest`, `stable`, `v1`.
    Moving,
}

/// Whether evidence comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// All of it, on the index and on its children, and evidence on evidence.
    Whole,
    /// None. The image alone is what most other tools copy.
    Left,
}

/// How it is made sure that a tag arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirm {
    /// By the digest in the registry's answer; where it names none, by reading back.
    Answer,
    /// By reading back in any case, which one more request pays for.
    ReadBack,
}

impl Order {
    /// To bring an image to another repository, with its evidence.
    pub fn new(from: Remote, to: Remote, digest: Digest) -> Self {
        let (evidence, confirm) = (Evidence::Whole, Confirm::Answer);
        Self { from, to, digest, manifest: None, tags: Vec::new(), evidence, confirm }
    }

    /// To give an image further tags where it is; its evidence is there already.
    pub fn retag(at: Remote, digest: Digest) -> Self {
        Self::new(at.clone(), at, digest)
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: Tag, class: Class) -> Self {
        self.tags.push((tag, class));
        self
    }

    /// Gives the manifest, which then is not read again.
    pub fn holding(mut self, manifest: Manifest) -> Self {
        self.manifest = Some(manifest);
        self
    }

    /// Leaves the evidence behind.
    pub fn without_evidence(mut self) -> Self {
        self.evidence = Evidence::Left;
        self
    }

    /// Reads every tag back.
    pub fn reading_back(mut self) -> Self {
        self.confirm = Confirm::ReadBack;
        self
    }

    pub(super) fn stays(&self) -> bool {
        self.from.repository() == self.to.repository()
    }
}
