//! Records in files, compared and swapped under a lock.

use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use pilotage_lease::{
    LeaseName, LeaseStore, OwnerId, Proposal, Record, StoreFailure, Stored, Tag, Ticket, Witness,
    Written,
};

use super::super::disk;
use super::presence::{self, Presence};

/// The longest record that is read.
const LONGEST: u64 = 64 << 10;

/// Records in a directory of this machine.
///
/// `<name>.lease` keeps the record, replaced atomically and never removed; `<name>.lock` is locked
/// while it is compared and swapped. An owner that was written through this value is alive for as
/// long as the value is; the kernel tells others when its process has ended, see [`Witness`].
#[derive(Debug, Clone)]
pub struct FileLeaseStore {
    place: Place,
}

#[derive(Debug, Clone)]
struct Place {
    directory: PathBuf,
    presence: Arc<Presence>,
}

impl FileLeaseStore {
    /// The records in this directory, which is made with the first one.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        let presence = Arc::new(Presence::default());
        Self { place: Place { directory: directory.into(), presence } }
    }

    /// This owner does not live in this process any more, whatever the record says.
    pub fn forget(&self, owner: OwnerId) {
        self.place.presence.end(owner);
    }

    fn failed(&self, error: io::Error) -> StoreFailure {
        let reason = format!("{}: {error}", self.place());
        // A full disk or a lock that stays may pass; who may not write there will not learn to.
        let stays = matches!(
            error.kind(),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory
        );
        let failure = StoreFailure::from_source(reason, error);
        if stays { failure.that_stays() } else { failure }
    }
}

#[async_trait]
impl LeaseStore for FileLeaseStore {
    fn place(&self) -> String {
        self.place.directory.display().to_string()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let (place, name) = (self.place.clone(), name.clone());
        let read = disk::offload(move || place.read(&name)).await.and_then(|read| read);
        read.map_err(|error| self.failed(error))
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let (place, name, proposal) = (self.place.clone(), name.clone(), proposal.clone());
        let swapped = disk::offload(move || place.swap(&name, &proposal)).await;
        swapped.and_then(|swapped| swapped).map_err(|error| self.failed(error))
    }
}

#[async_trait]
impl Witness for FileLeaseStore {
    async fn is_dead(&self, name: &LeaseName, ticket: Ticket) -> bool {
        let (directory, name) = (self.place.directory.clone(), name.clone());
        let dead = move || presence::is_dead(&directory, &name, ticket.owner).unwrap_or(false);
        disk::offload(dead).await.unwrap_or(false)
    }
}

impl Place {
    /// A file that cannot be understood is an error, for beginning anew would grant a fence twice.
    fn read(&self, name: &LeaseName) -> io::Result<Option<Stored>> {
        let file = match disk::open_to_read(&self.directory.join(file_name(name))) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        let record: Record = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        let tag = Tag(record.revision.to_string());
        Ok(Some(Stored { record, tag }))
    }

    fn swap(&self, name: &LeaseName, proposal: &Proposal) -> io::Result<Written> {
        std::fs::create_dir_all(&self.directory)?;
        let lock = disk::open_or_create(&self.directory.join(format!("{name}.lock")))?;
        if !disk::lock(&lock)? {
            return Err(io::Error::new(ErrorKind::WouldBlock, "its lock file stays locked"));
        }
        let there = self.read(name)?;
        if there.as_ref().map(|stored| &stored.tag) != proposal.expected.as_ref() {
            return Ok(Written::Refused);
        }
        self.change_office(name, there.as_ref().map(|stored| &stored.record), &proposal.record)
    }

    /// Puts the new record there. A new owner is alive before others can read of it; the file of
    /// the old one goes once it is out of office.
    fn change_office(
        &self,
        name: &LeaseName,
        old: Option<&Record>,
        new: &Record,
    ) -> io::Result<Written> {
        let owner = |record: &Record| record.tenure().map(|tenure| tenure.owner);
        let (leaves, comes) = (old.and_then(owner), owner(new));
        let arrival = comes.filter(|_| leaves != comes);
        if let Some(owner) = arrival {
            self.presence.begin(&self.directory, name, owner)?;
        }
        let written = self.put(name, new);
        let out = if written.is_ok() { leaves.filter(|_| leaves != comes) } else { arrival };
        if let Some(owner) = out {
            self.presence.end(owner);
            presence::clear(&self.directory, name, owner)?;
        }
        written
    }

    /// An error after which the new record is there leaves open whether it survives a crash.
    fn put(&self, name: &LeaseName, record: &Record) -> io::Result<Written> {
        let bytes = serde_json::to_vec(record).map_err(io::Error::other)?;
        match disk::replace(&self.directory, &file_name(name), &bytes) {
            Ok(()) => Ok(Written::Applied(Tag(record.revision.to_string()))),
            Err(error) if self.is_there(name, record) => {
                Ok(Written::Unknown { reason: error.to_string() })
            }
            Err(error) => Err(error),
        }
    }

    fn is_there(&self, name: &LeaseName, record: &Record) -> bool {
        Path::exists(&self.directory.join(file_name(name)))
            && self.read(name).is_ok_and(|there| there.is_some_and(|it| it.record == *record))
    }
}

fn file_name(name: &LeaseName) -> String {
    format!("{name}.lease")
}
