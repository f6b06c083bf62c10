//! A lease as a lock on a file, with the fence in another file beside it.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pilotage_rollout::{Fence, Moment, Span};
use serde::{Deserialize, Serialize};

use super::disk;
use crate::role::{Acquired, Grant, Holder, Lease, LeaseFailure, Renewed};

/// How long a grant is relied upon without looking at the files again. The kernel keeps the lock
/// for as long as the process lives, so this bounds only how late a removed file is noticed.
const TTL: Span = Span::from_secs(30);

/// The longest fence file that is read: a number and a line about its holder.
const LONGEST: u64 = 64 << 10;

/// A lease among the processes of this machine.
///
/// `<name>.lock` is locked for as long as the lease is held; the kernel unlocks it when the
/// process ends, however it ends. `<name>.fence` keeps the last fence and its holder for ever.
/// Neither file is ever removed.
#[derive(Debug)]
pub struct FileLease {
    place: Place,
    held: Mutex<Option<Held>>,
}

#[derive(Debug, Clone)]
struct Place {
    directory: PathBuf,
    name: String,
}

#[derive(Debug)]
struct Held {
    fence: Fence,
    _lock: File,
}

/// What `<name>.fence` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Last {
    fence: Fence,
    holder: String,
}

impl Last {
    /// Who that is; the lock is taken a moment before the name is written.
    fn name(self) -> String {
        if self.holder.is_empty() { "another process of this machine".into() } else { self.holder }
    }
}

enum Attempt {
    Held(Held),
    Busy(Holder),
}

impl FileLease {
    /// The lease on the thing of this name, a target for example, kept in this directory.
    pub fn new(directory: impl Into<PathBuf>, name: &str) -> Result<Self, LeaseFailure> {
        let place = Place { directory: directory.into(), name: name.into() };
        if !disk::is_name(name) {
            let reason = "a name of 1 to 128 of `A-Z`, `a-z`, `0-9`, `_`, `.` and `-` is needed";
            return Err(LeaseFailure { place: place.text(), reason: reason.into(), source: None });
        }
        Ok(Self { place, held: Mutex::new(None) })
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        // The guarded value is replaced as a whole, so a panic elsewhere cannot have torn it.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn holds(&self, fence: Fence) -> bool {
        self.held().as_ref().is_some_and(|held| held.fence == fence)
    }
}

#[async_trait]
impl Lease for FileLease {
    async fn acquire(&self, holder: &str, above: Fence) -> Result<Acquired, LeaseFailure> {
        if self.held().is_some() {
            let holder = Holder { name: "this process".into(), since: None };
            return Ok(Acquired::Busy { holder });
        }
        let (place, holder) = (self.place.clone(), holder.to_owned());
        let attempt = disk::offload(move || place.acquire(holder, above)).await;
        match attempt.and_then(|attempt| attempt).map_err(|error| self.place.failed(error))? {
            Attempt::Busy(holder) => Ok(Acquired::Busy { holder }),
            Attempt::Held(held) => {
                let grant = Grant { fence: held.fence, ttl: TTL };
                *self.held() = Some(held);
                Ok(Acquired::Held(grant))
            }
        }
    }

    async fn renew(&self, fence: Fence) -> Result<Renewed, LeaseFailure> {
        if !self.holds(fence) {
            return Ok(Renewed::Lost { reason: format!("fence {fence} is not held any more") });
        }
        let place = self.place.clone();
        let last = disk::offload(move || place.last()).await.and_then(|last| last);
        let last = last.map_err(|error| self.place.failed(error))?;
        if last.fence != fence {
            let fence = last.fence;
            let reason = format!("{} holds fence {fence}", last.name());
            return Ok(Renewed::Lost { reason });
        }
        Ok(Renewed::Kept)
    }

    async fn release(&self, fence: Fence) -> Result<(), LeaseFailure> {
        if self.holds(fence) {
            *self.held() = None;
        }
        Ok(())
    }

    async fn holder(&self) -> Result<Option<Holder>, LeaseFailure> {
        let (place, is_ours) = (self.place.clone(), self.held().is_some());
        let look = move || if is_ours { place.holder().map(Some) } else { place.who_holds() };
        let seen = disk::offload(look).await.and_then(|seen| seen);
        seen.map_err(|error| self.place.failed(error))
    }
}

impl Place {
    fn acquire(&self, holder: String, above: Fence) -> io::Result<Attempt> {
        std::fs::create_dir_all(&self.directory)?;
        let lock = disk::open_or_create(&self.lock_file())?;
        if !disk::lock(&lock)? {
            return Ok(Attempt::Busy(self.holder()?));
        }
        let spent = self.last()?.fence.max(above).0;
        let fence = spent.checked_add(1).ok_or_else(|| io::Error::other("fences are used up"))?;
        let fence = Fence(fence);
        let last = serde_json::to_vec(&Last { fence, holder }).map_err(io::Error::other)?;
        disk::replace(&self.directory, &self.fence_file(), &last)?;
        Ok(Attempt::Held(Held { fence, _lock: lock }))
    }

    /// Who has the lock, which is looked at without taking it from anybody.
    fn who_holds(&self) -> io::Result<Option<Holder>> {
        let lock = match disk::open_to_read(&self.lock_file()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            lock => lock?,
        };
        if disk::is_locked(&lock)? { self.holder().map(Some) } else { Ok(None) }
    }

    /// Who was granted the lease last, which is when the fence file was replaced.
    fn holder(&self) -> io::Result<Holder> {
        let since = disk::modified(&self.directory.join(self.fence_file()))?;
        Ok(Holder { name: self.last()?.name(), since: since.map(Moment::from_millis) })
    }

    /// The last fence that was granted. A file that cannot be read is an error, for beginning
    /// anew would grant a fence twice.
    fn last(&self) -> io::Result<Last> {
        let file = match disk::open_to_read(&self.directory.join(self.fence_file())) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Last::default()),
            file => file?,
        };
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        serde_json::from_slice(&bytes).map_err(io::Error::other)
    }

    fn lock_file(&self) -> PathBuf {
        self.directory.join(format!("{}.lock", self.name))
    }

    fn fence_file(&self) -> String {
        format!("{}.fence", self.name)
    }

    fn text(&self) -> String {
        Path::new(&self.directory).join(&self.name).display().to_string()
    }

    fn failed(&self, error: io::Error) -> LeaseFailure {
        LeaseFailure { place: self.text(), reason: error.to_string(), source: Some(error) }
    }
}
