//! What a promotion tells while it goes on: as data, for whoever shows it.

use core::fmt::Debug;

use pilotage_artifact::{Digest, Tag};

use crate::{Blob, Pushed};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// All manifests are read; this is what there is to bring.
    Planned {
        /// Manifests, evidence included.
        manifests: usize,
        /// Blobs, each counted once.
        blobs: usize,
        /// Their bytes.
        bytes: u64,
    },
    /// A blob is there.
    Blob(Blob, Pushed),
    /// A manifest is there.
    Manifest(Digest),
    /// A tag names the image.
    Tag(Tag, Digest),
}

/// Whoever is told.
///
/// # Contract
///
/// - It is called from several tasks at once, and does not block.
pub trait Progress: Debug + Send + Sync {
    /// Takes note.
    fn note(&self, event: &Event);
}

/// Nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn note(&self, _: &Event) {}
}
