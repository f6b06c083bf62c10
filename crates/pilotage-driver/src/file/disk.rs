//! The few things that a store does with a disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

/// Does file work where it holds nobody up. Dropping the future does not stop the work.
pub(super) async fn offload<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)
}

/// Opens a file for reading and writing, and makes it if it is not there.
#[expect(clippy::disallowed_methods, reason = "this module is the file access of the stores")]
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Opens a file for reading and writing if it is there.
#[expect(clippy::disallowed_methods, reason = "this module is the file access of the stores")]
pub(super) fn open_existing(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

/// Opens a file for reading if it is there.
#[expect(clippy::disallowed_methods, reason = "this module is the file access of the stores")]
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Makes the names in a directory durable.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    open_to_read(directory)?.sync_all()
}

/// Replaces a file as a whole: whoever reads it, even after a crash, sees the old or the new one.
#[expect(clippy::disallowed_methods, reason = "this is the atomic write of a store")]
pub(super) fn replace(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (path, beside) = (directory.join(name), directory.join(format!("{name}.new")));
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, &path)?;
    sync_directory(directory)
}

/// Takes a file away; one that is not there is no failure.
#[expect(clippy::disallowed_methods, reason = "this module is the file access of the stores")]
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether an error means that there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}

/// How long somebody else may hold a lock that is only held for a moment.
const LOCK_PATIENCE: Duration = Duration::from_millis(300);
const LOCK_TRIES: u32 = 60;

/// Takes the lock of a file, or says that somebody else has it.
///
/// A process that is being started holds a copy of every lock of its parent until it runs its own
/// program, so a lock that was given up may look held for a moment. That is waited out; an owner
/// is not.
pub(super) fn lock(file: &File) -> io::Result<bool> {
    in_time(|| file.try_lock())
}

fn in_time(attempt_lock: impl Fn() -> Result<(), TryLockError>) -> io::Result<bool> {
    for attempt in 1..=LOCK_TRIES {
        match attempt_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if attempt < LOCK_TRIES => pause(),
            Err(TryLockError::WouldBlock) => {}
        }
    }
    Ok(false)
}

#[expect(clippy::disallowed_methods, reason = "file work runs on a thread that may block")]
fn pause() {
    std::thread::sleep(LOCK_PATIENCE / LOCK_TRIES);
}
