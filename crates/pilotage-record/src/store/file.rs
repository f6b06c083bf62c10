//! Evidence in a directory: one directory a subject, one file a piece, named by its digest.
//!
//! Only the owner may read it, for evidence names people. Files are small and local, so the calls
//! block for the moment that a disk takes.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use pilotage_artifact::Digest;

use super::{Entry, EvidenceError, EvidenceStore, LARGEST, Piece, PieceKind};

/// Evidence in a directory, which is made with the first piece.
#[derive(Debug, Clone)]
pub struct FileEvidence {
    directory: PathBuf,
}

impl FileEvidence {
    /// The evidence in this directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    fn subject(&self, subject: &Digest) -> PathBuf {
        self.directory.join(hex(subject))
    }

    fn path(&self, subject: &Digest, entry: &Entry) -> PathBuf {
        self.subject(subject).join(format!("{}{}", hex(&entry.digest), suffix(entry.kind)))
    }

    fn place(&self) -> String {
        self.directory.display().to_string()
    }

    fn failed(&self, what: &str, source: io::Error) -> EvidenceError {
        let reason = format!("{what} failed");
        EvidenceError::Unavailable { place: self.place(), reason, source: Some(source) }
    }

    fn write(&self, subject: &Digest, piece: &Piece) -> Result<(), EvidenceError> {
        let (directory, path) = (self.subject(subject), self.path(subject, &piece.entry()));
        if piece.bytes.len() > LARGEST {
            return Err(self.too_large(piece.bytes.len() as u64));
        }
        // A damaged file is put right by the very bytes that it should have.
        if load(&path).is_ok_and(|found| found == piece.bytes) {
            return Ok(());
        }
        make_directory(&directory).map_err(|error| self.failed("making its directory", error))?;
        write_whole(&directory, &path, &piece.bytes)
            .map_err(|error| self.failed("writing a piece", error))
    }

    fn too_large(&self, bytes: u64) -> EvidenceError {
        EvidenceError::TooLarge { place: self.place(), bytes, limit: LARGEST }
    }

    fn load(&self, subject: &Digest, entry: &Entry) -> Result<Piece, EvidenceError> {
        let bytes = load(&self.path(subject, entry)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                EvidenceError::NotFound { place: self.place(), subject: *subject, entry: *entry }
            }
            _ => self.failed("reading a piece", error),
        })?;
        if bytes.len() > LARGEST {
            return Err(self.too_large(bytes.len() as u64));
        }
        let found = Digest::of(&bytes);
        if found != entry.digest {
            return Err(EvidenceError::Damaged { place: self.place(), wanted: entry.digest, found });
        }
        Ok(Piece { kind: entry.kind, bytes })
    }
}

#[async_trait]
impl EvidenceStore for FileEvidence {
    async fn add(&self, subject: &Digest, piece: &Piece) -> Result<(), EvidenceError> {
        self.write(subject, piece)
    }

    async fn list(&self, subject: &Digest) -> Result<Vec<Entry>, EvidenceError> {
        list(&self.subject(subject)).map_err(|error| self.failed("listing", error))
    }

    async fn read(&self, subject: &Digest, entry: &Entry) -> Result<Piece, EvidenceError> {
        self.load(subject, entry)
    }
}

const fn suffix(kind: PieceKind) -> &'static str {
    match kind {
        PieceKind::Record => ".record.json",
        PieceKind::Statement => ".statement.json",
    }
}

fn hex(digest: &Digest) -> String {
    digest.to_string().split_off("sha256:".len())
}

/// What is named as no piece would be, such as a write that was cut off, is passed over.
fn entry(name: &str) -> Option<Entry> {
    [PieceKind::Record, PieceKind::Statement].into_iter().find_map(|kind| {
        let digest = format!("sha256:{}", name.strip_suffix(suffix(kind))?).parse().ok()?;
        Some(Entry { digest, kind })
    })
}

fn list(directory: &Path) -> io::Result<Vec<Entry>> {
    let files = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        files => files?,
    };
    let mut entries = Vec::new();
    for file in files {
        entries.extend(file?.file_name().to_str().and_then(entry));
    }
    entries.sort();
    Ok(entries)
}

fn make_directory(directory: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// Reads one byte more than is kept, so that what is too large is seen to be.
fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[expect(clippy::disallowed_methods, reason = "this is the file access of the evidence store")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Whoever reads the file, even after a crash, sees all of it or none.
fn write_whole(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    open(directory)?.sync_all()
}
