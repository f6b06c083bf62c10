//! What a registry is like, and what goes wrong once.

use pilotage_artifact::Digest;

/// What a registry is like. The default is one that follows the specification in full.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "registries differ in each of them alone")]
pub struct Behaviour {
    /// What it wants to see.
    pub login: Login,
    /// How it answers to the question what refers to a digest.
    pub referrers: List,
    /// How it answers to a mount.
    pub mount: Mount,
    /// Its answer to a chunk; ECR says 201.
    pub chunk_status: u16,
    /// The smallest chunk but the last that it takes.
    pub least_chunk: usize,
    /// The largest body of a single upload that it takes.
    pub largest_upload: usize,
    /// Whether it says where what it stored is.
    pub says_location: bool,
    /// Whether it says the digest of what it holds.
    pub says_digest: bool,
    /// Whether a tag can be written once only, even with the same digest.
    pub immutable_tags: bool,
    /// Whether a push makes the repository.
    pub makes_repositories: bool,
}

/// What a registry wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// Nothing.
    Open,
    /// A user and a password with each call.
    Basic(String, String),
    /// A token, for a user and a password.
    Token(String, String),
    /// A token, for a refresh token by POST.
    Refresh(String),
}

/// How a registry answers to the question what refers to a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// It keeps the list.
    Kept,
    /// It keeps the list and gives it one entry at a time.
    Paged,
    /// It has no such list.
    Absent,
    /// It leads to a page for people.
    Elsewhere,
    /// It answers with this status.
    Refused(u16),
}

/// How a registry answers to a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mount {
    /// It takes over what it has.
    Done,
    /// It opens an upload instead.
    Declined,
    /// It says that this is not allowed.
    Unauthorized,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            login: Login::Open,
            referrers: List::Kept,
            mount: Mount::Done,
            chunk_status: 202,
            least_chunk: 0,
            largest_upload: usize::MAX,
            says_location: true,
            says_digest: true,
            immutable_tags: false,
            makes_repositories: true,
        }
    }
}

/// What goes wrong once, with the next request that it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Any call: too many of them; come back after this many seconds.
    Throttle(u32),
    /// Any call: this status.
    Status(u16),
    /// The token server: the password has expired.
    NoToken,
    /// A blob: the connection breaks after half of it.
    CutDownload,
    /// A blob: other bytes of the same length.
    OtherBytes,
    /// A blob: half of it, as if that were all.
    HalfBlob,
    /// A blob: it is kept at this address.
    BlobAt(String),
    /// The end of an upload: too many of them; come back after this many seconds.
    ThrottleUpload(u32),
    /// A body that is uploaded: the connection breaks after half of it, which is kept.
    CutUpload,
    /// A new upload: it is to be sent to this address.
    UploadTo(String),
    /// A manifest: a compressed body that unpacks to far more.
    Bomb,
    /// A manifest: a body without an end.
    Endless,
    /// A manifest that is stored: it is, and then the connection breaks.
    LostAnswer,
    /// A manifest that is stored: somebody uploads one of its blobs in that moment, and it is told
    /// that its digest is wrong. Docker's registry does so, as it rewrites its links in place.
    BlobRelinked,
    /// A look at this tag: right after it, somebody moves the tag.
    MoveAfterLook(String, Digest),
}
