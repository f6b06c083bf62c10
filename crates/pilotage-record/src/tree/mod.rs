//! A directory as one immutable thing: packed in one way only, and named by the digest of that.
//!
//! A synthesised assembly is a directory. Packed, it is a blob like the layer of an image, so a
//! registry can keep it and promote it, and its digest is that of its content: the same files give
//! the same bytes on every machine, whatever their times, owners and the order of the listing.
//!
//! What cannot be the same everywhere is refused rather than guessed: names that are not UTF-8,
//! links that lead out of the directory, and everything that is no file, directory or link. Of the
//! mode only "may be executed" is kept, for nothing else survives every checkout.

mod list;
mod pack;
mod unpack;

use std::io;
use std::path::PathBuf;

use pilotage_artifact::Digest;

pub use pack::pack;
pub use unpack::unpack;

/// The kind of a packed directory: that of a layer without compression.
pub const MEDIA_TYPE: &str = "application/vnd.oci.image.layer.v1.tar";

/// More files than any assembly has, so that a wrong directory is noticed early.
const MOST_ENTRIES: usize = 200_000;

/// A packed directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// The digest of the archive.
    pub digest: Digest,
    /// How many bytes it has.
    pub size: u64,
    /// How many files, directories and links it holds.
    pub entries: usize,
}

/// Why a directory cannot be packed, or an archive not unpacked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// The system would not.
    #[error("{} cannot be {verb}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Read or written.
        verb: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// A name is not text.
    #[error("{} has a name that is not UTF-8, so it would differ between machines: rename it", .path.display())]
    Name {
        /// Which file.
        path: PathBuf,
    },
    /// It is of a kind that cannot be packed.
    #[error("{} is neither a file nor a directory nor a link: leave it out", .path.display())]
    Kind {
        /// Which file.
        path: PathBuf,
    },
    /// A link leads out.
    #[error("{} is a link to {}, which is not in the directory: copy what it leads to", .path.display(), .target.display())]
    LeadsOut {
        /// Which link.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// There is too much.
    #[error("{} holds more than {limit} files: is it the right directory?", .path.display())]
    TooMany {
        /// The directory.
        path: PathBuf,
        /// How many are packed at most.
        limit: usize,
    },
    /// A file changed while it was read.
    #[error("{} changed while it was read: wait until nothing writes to it", .path.display())]
    Changed {
        /// Which file.
        path: PathBuf,
    },
    /// The archive is not the one that was asked for.
    #[error("the archive is {found}, and {wanted} was asked for: take it from another copy")]
    Another {
        /// The digest that was asked for.
        wanted: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// The archive was not made by `pack`.
    #[error("the archive holds {entry}, which is never packed here: it was made by something else")]
    Foreign {
        /// What it holds.
        entry: String,
    },
}
