//! The only places of this crate that touch what a simulation cannot replace: the clock, files
//! and processes of this machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use pilotage_rollout::Moment;
use tokio::process::Command;

/// Readable by their owner alone: records and logs may hold secrets.
const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;
const PRIVATE_PROGRAM: u32 = 0o500;

/// The monotone clock.
#[expect(clippy::disallowed_methods, reason = "the one reading of the clock in this crate")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The wall clock, which every process of this machine agrees on.
#[expect(clippy::disallowed_methods, reason = "the one reading of the wall clock in this crate")]
pub(crate) fn wall() -> Moment {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

/// Says something to whoever reads the log of this process.
pub(crate) fn say(line: &str) {
    // A log that cannot be written must not stop what it tells of.
    let _ = writeln!(io::stderr().lock(), "{} {line}", wall().as_millis());
}

/// A number that nobody else has.
pub(crate) fn unique() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

/// A command to be started by one of the adapters of this crate that reap what they start.
#[expect(clippy::disallowed_methods, reason = "its callers are the adapters that reap")]
pub(crate) fn command(program: &Path) -> Command {
    Command::new(program)
}

/// Opens a file that exists.
#[expect(clippy::disallowed_methods, reason = "the one opening of files to read in this crate")]
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens a private file to append to, and makes it if there is none.
#[expect(clippy::disallowed_methods, reason = "logs are appended to by the units themselves")]
pub(crate) fn open_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(PRIVATE_FILE).open(path)
}

/// Takes a lock that ends with this process; `None` if another process holds it.
pub(crate) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open_append(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Makes a private directory with its parents; one that exists is kept.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(PRIVATE_DIRECTORY).create(path)
}

/// The names in a directory.
pub(crate) fn names_in(path: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(path)?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// A whole file, which must be small.
pub(crate) fn read_all(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// At most this many bytes from the end of a file.
pub(crate) fn read_end(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Replaces a file so that a crash leaves either the old content or the new, never a part.
#[expect(clippy::disallowed_methods, reason = "this is the atomic write")]
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file =
        options.create(true).write(true).truncate(true).mode(PRIVATE_FILE).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |directory| open(directory)?.sync_all())
}

/// Puts a program in its place, whole or not at all; nobody may write to it from then on.
#[expect(clippy::disallowed_methods, reason = "this is the atomic write of a program")]
pub(crate) fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{:016x}", unique()));
    let mut options = OpenOptions::new();
    let mut file = options.create_new(true).write(true).mode(PRIVATE_PROGRAM).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |directory| open(directory)?.sync_all())
}

/// Who owns a path, which is not followed if it is a link.
pub(crate) fn owner(path: &Path) -> io::Result<Owner> {
    let metadata = std::fs::symlink_metadata(path)?;
    let is_directory = metadata.is_dir();
    Ok(Owner { user: metadata.uid(), mode: metadata.mode() & 0o777, is_directory })
}

/// Who owns a path, and what others may do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) user: u32,
    pub(crate) mode: u32,
    pub(crate) is_directory: bool,
}

/// Makes a path accessible to its owner alone.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(PRIVATE_FILE))
}

/// Removes a file; none is as good.
#[expect(clippy::disallowed_methods, reason = "sockets of the dead and pruned programs")]
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes a directory of the runtime with all that is in it; none is as good.
#[expect(clippy::disallowed_methods, reason = "the caller's journal holds the intent")]
pub(crate) fn remove_directory(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
