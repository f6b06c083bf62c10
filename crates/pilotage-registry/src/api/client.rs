//! What all calls share.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_artifact::Repository;
use pilotage_driver::role::Clock;
use tokio::sync::{Mutex as Turn, MutexGuard, Semaphore};

use super::Remote;
use crate::Error;
use crate::auth::{Credentials, Keeper};
use crate::http::{Caller, Origin, Patience, Proxies, Retry, Roots, Wire};

/// What can be set; the defaults suit the large registries.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Registries that are spoken to without TLS although they are not on this machine.
    pub plain: BTreeSet<String>,
    /// Authorities that are trusted beside those of the machine.
    pub roots: Roots,
    /// Through which proxy secured connections go.
    pub proxies: Proxies,
    /// How often calls are repeated.
    pub retry: Retry,
    /// How long a silence may last.
    pub patience: Patience,
    /// How many blobs are transferred at the same time.
    pub transfers: usize,
    /// How blobs are uploaded.
    pub upload: Upload,
}

/// How blobs are uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upload {
    /// In one request, and in chunks only where the registry takes no large one.
    Whole,
    /// In chunks of this many bytes, each of which is held in memory. A cut costs one chunk.
    Chunked(usize),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            plain: BTreeSet::new(),
            roots: Roots::default(),
            proxies: Proxies::default(),
            retry: Retry::default(),
            patience: Patience::default(),
            transfers: 8,
            upload: Upload::Whole,
        }
    }
}

/// A client for any number of registries. Clones share everything.
#[derive(Debug, Clone)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    caller: Caller,
    credentials: Arc<dyn Credentials>,
    plain: BTreeSet<String>,
    upload: Upload,
    transfers: Arc<Semaphore>,
    keepers: Mutex<HashMap<String, Arc<Keeper>>>,
    /// Registries that said that they keep no list of referrers.
    untracked: Mutex<BTreeSet<Origin>>,
    enlisting: Turn<()>,
}

impl Client {
    /// A client with these credentials, by this clock.
    pub fn new(
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Self {
        let Settings { plain, roots, proxies, retry, patience, transfers, upload } = settings;
        let caller = Caller { wire: Wire::new(patience, roots, proxies), clock, retry };
        let transfers = Arc::new(Semaphore::new(transfers.max(1)));
        Self(Arc::new(Shared {
            caller,
            credentials,
            plain,
            upload,
            transfers,
            keepers: Mutex::default(),
            untracked: Mutex::default(),
            enlisting: Turn::default(),
        }))
    }

    /// A repository at its registry. Nothing is sent yet.
    pub fn repository(&self, repository: &Repository) -> Result<Remote, Error> {
        let keeper = self.keeper(repository.registry())?;
        Ok(Remote::new(self.clone(), repository.clone(), keeper))
    }

    fn keeper(&self, registry: &str) -> Result<Arc<Keeper>, Error> {
        let mut keepers = self.0.keepers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keeper) = keepers.get(registry) {
            return Ok(keeper.clone());
        }
        let origin = Origin::of_registry(registry, |name| self.0.plain.contains(name));
        let origin = origin.ok_or_else(|| Error::Barred {
            doing: format!("reach {registry}"),
            why: "it is no host with an optional port".into(),
        })?;
        let keeper = Arc::new(Keeper::new(registry, origin, self.0.credentials.clone()));
        keepers.insert(registry.into(), keeper.clone());
        Ok(keeper)
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.0.caller
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.caller.clock
    }

    pub(crate) fn upload(&self) -> Upload {
        self.0.upload
    }

    pub(crate) fn transfers(&self) -> Arc<Semaphore> {
        self.0.transfers.clone()
    }

    /// Whether a registry may keep a list of referrers.
    pub(super) fn tracks_referrers(&self, origin: &Origin) -> bool {
        !self.0.untracked.lock().unwrap_or_else(PoisonError::into_inner).contains(origin)
    }

    /// Remembers that it keeps none, so that it is asked once.
    pub(super) fn has_no_referrers(&self, origin: &Origin) {
        let mut untracked = self.0.untracked.lock().unwrap_or_else(PoisonError::into_inner);
        untracked.insert(origin.clone());
    }

    /// Lists are read, added to and written back one at a time, as far as this process goes.
    pub(crate) async fn turn_to_enlist(&self) -> MutexGuard<'_, ()> {
        self.0.enlisting.lock().await
    }
}
