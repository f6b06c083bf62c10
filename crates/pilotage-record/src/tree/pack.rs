//! From a directory to its one archive.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use pilotage_artifact::Digest;
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

use super::list::{Item, Kind, list};
use super::{Packed, TreeError};

/// Packs a directory into a writer; `io::sink()` if only its digest is wanted.
///
/// Files are streamed, so that a large one needs no memory.
pub fn pack(directory: &Path, out: impl Write) -> Result<Packed, TreeError> {
    let items = list(directory)?;
    let failed = |source| TreeError::File { path: directory.into(), verb: "packed", source };
    let mut builder = Builder::new(Hashing { out, hash: Sha256::new(), size: 0 });
    for item in &items {
        append(&mut builder, item)?;
    }
    let mut hashing = builder.into_inner().map_err(failed)?;
    hashing.flush().map_err(failed)?;
    let digest = Digest::from_bytes(hashing.hash.finalize().into());
    Ok(Packed { digest, size: hashing.size, entries: items.len() })
}

fn append<W: Write>(builder: &mut Builder<W>, item: &Item) -> Result<(), TreeError> {
    let failed = |source| TreeError::File { path: item.path.clone(), verb: "packed", source };
    match &item.kind {
        Kind::Directory => {
            let mut header = header(EntryType::Directory, 0, true);
            builder.append_data(&mut header, format!("{}/", item.name), io::empty()).map_err(failed)
        }
        Kind::Link { target } => {
            let mut header = header(EntryType::Symlink, 0, true);
            builder.append_link(&mut header, &item.name, target).map_err(failed)
        }
        Kind::File { size, executable } => {
            let mut file = Exactly { file: open(&item.path).map_err(failed)?, left: *size, changed: false };
            let mut header = header(EntryType::Regular, *size, *executable);
            let packed = builder.append_data(&mut header, &item.name, &mut file);
            if file.changed || file.grew() {
                return Err(TreeError::Changed { path: item.path.clone() });
            }
            packed.map_err(failed)
        }
    }
}

/// A header that says nothing about the machine: no times, no owners, two modes.
fn header(kind: EntryType, size: u64, executable: bool) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(if executable { 0o755 } else { 0o644 });
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

#[expect(clippy::disallowed_methods, reason = "this is the reading side of the packer")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Reads exactly as many bytes as the header says, for an archive with fewer is unreadable.
struct Exactly {
    file: File,
    left: u64,
    changed: bool,
}

impl Exactly {
    fn grew(&mut self) -> bool {
        io::Read::read(&mut self.file, &mut [0]).is_ok_and(|more| more > 0)
    }
}

impl io::Read for Exactly {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(part) = buffer.get_mut(..most) else { return Ok(0) };
        let read = self.file.read(part)?;
        if read == 0 && most > 0 {
            self.changed = true;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

struct Hashing<W> {
    out: W,
    hash: Sha256,
    size: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
