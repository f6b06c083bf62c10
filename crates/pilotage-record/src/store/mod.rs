//! Where records and signed statements are kept, and how they are found again.
//!
//! A store is not trusted: what it answers is hashed, parsed and believed only under a
//! [trust policy](crate::trust::TrustPolicy). It can withhold and it can add rubbish; neither makes
//! a gate open.

mod archive;
mod file;
mod review;

use core::fmt::{self, Debug, Display, Formatter};

use async_trait::async_trait;
use pilotage_artifact::Digest;

pub use archive::{Archive, ArchiveError, Dossier, Doubt, DoubtReason, Report};
pub use file::FileEvidence;
pub use review::Review;

use crate::record;
use crate::statement::BUNDLE_MEDIA_TYPE;

/// The largest piece that is read.
pub const LARGEST: usize = record::LARGEST;

/// What is known about things that are named by their digests: a directory, a registry.
///
/// # Contract
///
/// - **Append only.** Nothing is ever changed or removed.
/// - **Idempotent by content.** Adding a piece that is there about the same subject succeeds and
///   changes nothing, so an addition whose outcome is unknown is simply made again.
/// - **Durable.** When `add` returns `Ok`, the piece survives the loss of power.
/// - **By subject.** A piece is found under each subject that it was added about, and under no
///   other. The subject need not exist anywhere. The order of the list is that of the digests.
/// - **An absent subject has an empty list.** A store that cannot be asked answers an error, never
///   an empty list: "nothing is known" is a fact that gates are closed by.
/// - **Checked content.** `read` returns bytes of the digest that was asked for, or an error.
/// - **Whole or not.** A piece that was added in part, by a process that died, is not listed.
/// - **Cancellation.** Dropping `add` may or may not have added. Dropping the others leaves nothing.
///
/// In an OCI registry a piece is an artifact that refers to the subject: `kind` is its artifact
/// type and the only layer's media type, the digest is that of the layer.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait EvidenceStore: Debug + Send + Sync {
    /// Adds a piece about this subject.
    async fn add(&self, subject: &Digest, piece: &Piece) -> Result<(), EvidenceError>;

    /// The pieces about this subject.
    async fn list(&self, subject: &Digest) -> Result<Vec<Entry>, EvidenceError>;

    /// One of the pieces about this subject.
    async fn read(&self, subject: &Digest, entry: &Entry) -> Result<Piece, EvidenceError>;
}

/// A record or a signed statement, as bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of which kind it is.
    pub kind: PieceKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Piece {
    /// What it is listed as.
    pub fn entry(&self) -> Entry {
        Entry { digest: Digest::of(&self.bytes), kind: self.kind }
    }
}

impl Debug for Piece {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.kind, self.bytes.len())
    }
}

/// A piece in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// The digest of its bytes.
    pub digest: Digest,
    /// Of which kind it is.
    pub kind: PieceKind,
}

/// Of which kind a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PieceKind {
    /// A [release record](crate::record::Record).
    Record,
    /// A [signed statement](crate::statement::Bundle).
    Statement,
}

impl PieceKind {
    /// The media type, which is also the artifact type in a registry.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Record => record::MEDIA_TYPE,
            Self::Statement => BUNDLE_MEDIA_TYPE,
        }
    }

    /// The kind of this media type; others are not evidence of this kind.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        [Self::Record, Self::Statement].into_iter().find(|kind| kind.media_type() == media_type)
    }
}

impl Display for PieceKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Record => "record",
            Self::Statement => "statement",
        })
    }
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// There is no such piece.
    #[error("{place} holds no {} {} about {subject}: it was not added, or was taken away", entry.kind, entry.digest)]
    NotFound {
        /// Which store.
        place: String,
        /// About what.
        subject: Digest,
        /// Which piece.
        entry: Entry,
    },
    /// What is there is not what its name says.
    #[error(
        "what {place} holds as {wanted} is {found}: it was damaged or changed; take it from a copy"
    )]
    Damaged {
        /// Which store.
        place: String,
        /// The digest that it should have.
        wanted: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// A piece is larger than any is.
    #[error("a piece in {place} has {bytes} bytes, more than the {limit} that are kept")]
    TooLarge {
        /// Which store.
        place: String,
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        limit: usize,
    },
    /// The store cannot be reached or does not answer; after `add`, make it again.
    #[error("the evidence in {place} cannot be used: {reason}")]
    Unavailable {
        /// Which store.
        place: String,
        /// What was being done, and what was seen.
        reason: String,
        /// The system's own word, where there is one.
        source: Option<std::io::Error>,
    },
}
