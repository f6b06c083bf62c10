//! The only places of this module that touch files and start processes.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::process::Command;

/// Readable by their owner alone: a log may say more than everybody should know.
const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_FOLDER: u32 = 0o700;

/// A command that is started by one of the adapters of this module, which reap what they start.
#[expect(clippy::disallowed_methods, reason = "its callers are the adapters that reap")]
pub(super) fn command(program: &OsString) -> Command {
    Command::new(program)
}

/// Makes a folder with its parents; one that exists is kept.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(path)
}

/// Makes a file that must not be there yet.
#[expect(clippy::disallowed_methods, reason = "the lock and the log of a new worker")]
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create_new(true).mode(PRIVATE_FILE).open(path)
}

/// Opens a file to read.
#[expect(clippy::disallowed_methods, reason = "what workers have left is read here alone")]
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Puts a file there as a whole, or not at all.
#[expect(clippy::disallowed_methods, reason = "this is the atomic write of this module")]
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file =
        options.create(true).write(true).truncate(true).mode(PRIVATE_FILE).open(&beside)?;
    file.write_all(text.as_bytes())?;
    std::fs::rename(&beside, path)
}

/// At most this many bytes from here on.
pub(super) fn read_from(path: &Path, offset: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// At most this many bytes from the end.
pub(super) fn read_end(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let length = open(path)?.metadata()?.len();
    read_from(path, length.saturating_sub(most), most)
}

/// Takes a worker's folder away once nobody can want it any more.
#[expect(clippy::disallowed_methods, reason = "the folders of workers that ended long ago")]
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    std::fs::remove_dir_all(path)
}
