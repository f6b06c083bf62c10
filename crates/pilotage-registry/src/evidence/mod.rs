//! Evidence about releases in an OCI registry, beside the images that it is about.
//!
//! A piece is an artifact that refers to its subject: its kind is the artifact type and the media
//! type of the only layer, whose bytes are the piece. Other tools list, fetch and verify it, and a
//! copy of an image takes along what is known of it. A subject that is no manifest of the
//! repository has an anchor to refer to, which `anchor.rs` describes.
//!
//! - **Where a subject is, and where its anchor is, is looked at both**: an image may come to the
//!   repository after something was said about it.
//! - **A piece is what its digest says**: lists are hints, bytes are hashed.
//! - **An error is never read as "nothing is known".**
//!
//! Where the registry keeps no list of referrers, clients keep it under a tag that nothing guards.
//! One client takes turns with itself and looks again after each addition; two processes that add
//! about one subject within the same second can still lose one of the additions. A chain of events
//! shows that as a gap, which keeps gates closed, as soon as a later event names the lost one; the
//! loss of the last event of a chain shows nowhere. Let one job at a time add to such a registry, or
//! use one that keeps the list itself.

mod anchor;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use pilotage_artifact::Digest;
use pilotage_record::store::{Entry, EvidenceError, EvidenceStore, LARGEST, Piece, PieceKind};

use crate::{Artifact, Attached, Error, Kind, Manifest, Name, Payload, Remote};

/// The annotation that spares a look into each manifest: the digest of the piece.
const PIECE: &str = "dev.pilotage.piece";

/// Evidence in a repository.
#[derive(Debug)]
pub struct OciEvidence {
    at: Remote,
    /// What was found. Evidence is only ever added, so what was there once is there.
    known: Mutex<BTreeMap<(Digest, Entry), Attached>>,
}

impl OciEvidence {
    /// The evidence in this repository.
    pub fn new(at: Remote) -> Self {
        Self { at, known: Mutex::default() }
    }

    fn place(&self) -> String {
        self.at.repository().to_string()
    }

    fn failed(&self, what: &str, error: Error) -> EvidenceError {
        match error {
            Error::WrongDigest { expected, found, .. } => {
                EvidenceError::Damaged { place: self.place(), wanted: expected, found }
            }
            error => EvidenceError::Unavailable {
                place: self.place(),
                reason: format!("{what} failed"),
                source: Some(io::Error::other(error)),
            },
        }
    }

    async fn attach(&self, subject: Digest, piece: &Piece) -> Result<(), Error> {
        let here = self.at.look(&Name::Digest(subject)).await?.is_some();
        let subject = if here { subject } else { anchor::cast(&self.at, subject).await? };
        self.at.attach(subject, &artifact(piece)).await.map(drop)
    }

    /// What refers to the subject or to its anchor, each piece once.
    async fn find(&self, subject: Digest) -> Result<BTreeMap<Entry, Attached>, Error> {
        let anchor = anchor::anchor(subject)?.digest();
        let mut found = BTreeMap::new();
        for manifest in [subject, anchor] {
            for attached in self.at.attached(manifest, None).await? {
                if let Some(entry) = self.entry(&attached).await? {
                    found.entry(entry).or_insert(attached);
                }
            }
        }
        Ok(found)
    }

    /// The piece that an artifact holds, if it is one. Those of other tools say it in their
    /// manifest alone.
    async fn entry(&self, attached: &Attached) -> Result<Option<Entry>, Error> {
        let kind = attached.artifact_type.as_deref().and_then(PieceKind::of_media_type);
        let Some(kind) = kind else { return Ok(None) };
        if let Some(digest) = attached.annotations.get(PIECE).and_then(|text| text.parse().ok()) {
            return Ok(Some(Entry { digest, kind }));
        }
        let manifest = self.at.manifest(&Name::Digest(attached.blob.digest)).await?;
        Ok(only_layer(&manifest, kind).map(|digest| Entry { digest, kind }))
    }

    async fn locate(&self, subject: Digest, entry: Entry) -> Result<Option<Attached>, Error> {
        let key = (subject, entry);
        if let Some(known) = self.known().get(&key) {
            return Ok(Some(known.clone()));
        }
        Ok(self.find(subject).await?.remove(&entry))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<(Digest, Entry), Attached>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn not_found(&self, subject: Digest, entry: Entry) -> EvidenceError {
        EvidenceError::NotFound { place: self.place(), subject, entry }
    }
}

#[async_trait]
impl EvidenceStore for OciEvidence {
    async fn add(&self, subject: &Digest, piece: &Piece) -> Result<(), EvidenceError> {
        if piece.bytes.len() > LARGEST {
            let bytes = piece.bytes.len() as u64;
            return Err(EvidenceError::TooLarge { place: self.place(), bytes, limit: LARGEST });
        }
        let attached = self.attach(*subject, piece).await;
        attached.map_err(|error| self.failed("adding a piece", error))
    }

    async fn list(&self, subject: &Digest) -> Result<Vec<Entry>, EvidenceError> {
        let found = self.find(*subject).await.map_err(|error| self.failed("listing", error))?;
        let entries = found.keys().copied().collect();
        self.known().extend(found.into_iter().map(|(entry, one)| ((*subject, entry), one)));
        Ok(entries)
    }

    async fn read(&self, subject: &Digest, entry: &Entry) -> Result<Piece, EvidenceError> {
        let failed = |error| self.failed("reading a piece", error);
        let located = self.locate(*subject, *entry).await.map_err(failed)?;
        let attached = located.ok_or_else(|| self.not_found(*subject, *entry))?;
        let payloads = self.at.payloads(&attached, LARGEST).await;
        let payloads = payloads.map_err(|error| match error {
            Error::Missing { .. } => self.not_found(*subject, *entry),
            error => failed(error),
        })?;
        let bytes = payloads.into_iter().next().map(|payload| payload.bytes.to_vec());
        let bytes = bytes.unwrap_or_default();
        match Digest::of(&bytes) {
            found if found == entry.digest => Ok(Piece { kind: entry.kind, bytes }),
            found => {
                let (place, wanted) = (self.place(), entry.digest);
                Err(EvidenceError::Damaged { place, wanted, found })
            }
        }
    }
}

fn artifact(piece: &Piece) -> Artifact {
    let kind = piece.kind.media_type();
    let entry = piece.entry();
    let bytes = Bytes::from(piece.bytes.clone());
    Artifact {
        artifact_type: kind.to_owned(),
        annotations: [(PIECE.to_owned(), entry.digest.to_string())].into(),
        payloads: vec![Payload { media_type: kind.to_owned(), bytes }],
    }
}

fn only_layer(manifest: &Manifest, kind: PieceKind) -> Option<Digest> {
    let Kind::Image(image) = manifest.kind() else { return None };
    let [layer] = image.layers().as_slice() else { return None };
    let is_piece = layer.media_type().to_string() == kind.media_type();
    is_piece.then(|| layer.digest().to_string().parse().ok()).flatten()
}
