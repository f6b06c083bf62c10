//! What shows that an owner is alive: a lock that the kernel takes away when it dies.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pilotage_lease::{LeaseName, OwnerId};

use super::super::disk;

/// The owners that live in this process. Each has a file of its own, whose name is never used
/// again, and which is locked for as long as the owner lives.
#[derive(Debug, Default)]
pub(super) struct Presence {
    files: Mutex<BTreeMap<OwnerId, File>>,
}

impl Presence {
    /// From now on, this owner lives in this process.
    pub(super) fn begin(
        &self,
        directory: &Path,
        name: &LeaseName,
        owner: OwnerId,
    ) -> io::Result<()> {
        let file = disk::open_or_create(&path(directory, name, owner))?;
        if !disk::lock(&file)? {
            return Err(io::Error::other("another process has the name of this owner"));
        }
        self.files().insert(owner, file);
        Ok(())
    }

    /// This owner lives no more.
    pub(super) fn end(&self, owner: OwnerId) {
        self.files().remove(&owner);
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<OwnerId, File>> {
        // One call inserts or removes; a panic elsewhere cannot have torn it.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes away the file of an owner that is out of office.
pub(super) fn clear(directory: &Path, name: &LeaseName, owner: OwnerId) -> io::Result<()> {
    disk::remove(&path(directory, name, owner))
}

/// Whether an owner is certainly dead: it has a file, and nobody has it locked.
pub(super) fn is_dead(directory: &Path, name: &LeaseName, owner: OwnerId) -> io::Result<bool> {
    match disk::open_existing(&path(directory, name, owner)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        file => disk::lock(&file?),
    }
}

fn path(directory: &Path, name: &LeaseName, owner: OwnerId) -> PathBuf {
    directory.join(format!("{name}.{owner}.alive"))
}
