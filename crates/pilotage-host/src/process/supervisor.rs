//! The process runtime: one supervisor for all units under one directory.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use crate::os;
use crate::runtime::{Exit, Runtime, RuntimeError, UnitName, UnitSpec, UnitState, UnitStatus};

use super::handle::Handle;
use super::identity::Identity;
use super::record::{Record, Recorded, UnitDirectory, Wanted, state};
use super::supervise::{Life, launch, status_of};

/// How long a killed process may take to disappear.
const KILL_PATIENCE: Duration = Duration::from_secs(5);
/// How long, and how often, a lock that is held is tried for.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);
const LOCK_TRIES: u32 = 25;

/// Supervises the processes of this machine's units.
///
/// Dropping it, or ending its process in whatever way, leaves the units running.
#[derive(Debug)]
pub struct ProcessRuntime {
    /// One directory for each unit.
    directory: PathBuf,
    units: Mutex<BTreeMap<UnitName, Unit>>,
    /// Held while units are started or removed, so that one name is not started twice.
    changing: tokio::sync::Mutex<()>,
    _lock: File,
}

/// One unit, with the task that looks after it if it is live.
#[derive(Debug)]
struct Unit {
    status: watch::Receiver<UnitStatus>,
    wanted: watch::Sender<Wanted>,
    life: Option<JoinHandle<()>>,
}

impl Drop for Unit {
    fn drop(&mut self) {
        if let Some(life) = &self.life {
            life.abort();
        }
    }
}

impl ProcessRuntime {
    /// Takes over the units under this directory, which is made if there is none: running ones
    /// are found again, those that ended meanwhile are treated as having just ended.
    pub async fn open(directory: impl Into<PathBuf>) -> Result<Self, RuntimeError> {
        let home = directory.into();
        let directory = home.join("units");
        os::make_directory(&directory).map_err(state("make", &directory))?;
        let lock = lock(&home).await?;
        let names = os::names_in(&directory).map_err(state("list", &directory))?;
        let mut units = BTreeMap::new();
        for name in names.iter().filter_map(|name| name.parse::<UnitName>().ok()) {
            let place = UnitDirectory::new(directory.join(name.as_str()));
            if let Some(record) = place.load()? {
                units.insert(name, Unit::take_over(place, record));
            }
        }
        let changing = tokio::sync::Mutex::default();
        Ok(Self { directory, units: Mutex::new(units), changing, _lock: lock })
    }

    fn place(&self, name: &UnitName) -> UnitDirectory {
        UnitDirectory::new(self.directory.join(name.as_str()))
    }

    fn units(&self) -> MutexGuard<'_, BTreeMap<UnitName, Unit>> {
        // Each change of the map is one insertion or removal, so a panic leaves it whole.
        self.units.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self, name: &UnitName) -> Option<UnitStatus> {
        self.units().get(name).map(|unit| unit.status.borrow().clone())
    }

    /// Asks a live unit to stop and waits until it is not live any more.
    async fn stop_live(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError> {
        let Some(mut status) = self.units().get(name).map(Unit::ask_to_stop) else {
            return Ok(None);
        };
        let most = status.borrow().spec.artifact.stop.grace + KILL_PATIENCE;
        let settled = timeout(most, status.wait_for(|status| !status.state.is_live())).await;
        drop(settled);
        let status = status.borrow().clone();
        match status.state {
            UnitState::Running { pid } => Err(RuntimeError::Unkillable { name: name.clone(), pid }),
            _ => Ok(Some(status)),
        }
    }

    /// A unit that had failed and is then stopped is not to be started again.
    fn settle_failed(&self, status: UnitStatus) -> Result<UnitStatus, RuntimeError> {
        let UnitState::Failed { exit } = status.state else { return Ok(status) };
        let process = Recorded::Stopped(Some(exit));
        let (spec, restarts) = (status.spec, status.restarts);
        let record = Record { spec, wanted: Wanted::Stopped, process, restarts };
        self.place(&record.spec.name).save(&record)?;
        let status = status_of(&record);
        self.units().insert(record.spec.name.clone(), Unit::settled(status.clone()));
        Ok(status)
    }
}

/// Takes the directory's lock. A supervisor that was just killed while it started a unit leaves it
/// locked until that unit's program has been loaded, so a held lock is tried for a while.
async fn lock(directory: &Path) -> Result<File, RuntimeError> {
    let path = directory.join("supervisor.lock");
    let mut tries = interval(LOCK_PATIENCE / LOCK_TRIES);
    for _ in 0..LOCK_TRIES {
        tries.tick().await;
        if let Some(lock) = os::try_lock(&path).map_err(state("lock", &path))? {
            return Ok(lock);
        }
    }
    Err(RuntimeError::Busy { path: directory.display().to_string() })
}

impl Unit {
    fn live(place: UnitDirectory, record: Record, process: Option<Handle>) -> Self {
        let (status, statuses) = watch::channel(status_of(&record));
        let (wanted, wishes) = watch::channel(record.wanted);
        let life = Life { directory: place, record, status, wanted: wishes };
        let life = Some(tokio::spawn(life.run(process)));
        Self { status: statuses, wanted, life }
    }

    fn settled(status: UnitStatus) -> Self {
        let status = watch::Sender::new(status).subscribe();
        Self { status, wanted: watch::Sender::new(Wanted::Stopped), life: None }
    }

    fn take_over(place: UnitDirectory, mut record: Record) -> Self {
        let found = match &record.process {
            Recorded::Running(identity) => Handle::find(identity.clone()),
            Recorded::Launching(mark) => Identity::by_launch(mark).and_then(Handle::find),
            Recorded::Ended(_) => None,
            Recorded::GivenUp(_) | Recorded::Stopped(_) => {
                return Self::settled(status_of(&record));
            }
        };
        record.process = match (&found, record.wanted, record.process) {
            (Some(handle), _, _) => Recorded::Running(handle.identity().clone()),
            (None, Wanted::Running, Recorded::Ended(exit)) => Recorded::Ended(exit),
            (None, Wanted::Running, _) => Recorded::Ended(Exit::Unseen),
            (None, Wanted::Stopped, _) => Recorded::Stopped(Some(Exit::Unseen)),
        };
        if found.is_none() && record.wanted == Wanted::Stopped {
            return Self::settled(status_of(&record));
        }
        Self::live(place, record, found)
    }

    fn ask_to_stop(&self) -> watch::Receiver<UnitStatus> {
        self.wanted.send_replace(Wanted::Stopped);
        self.status.clone()
    }

    fn is_live(&self) -> bool {
        self.status.borrow().state.is_live()
    }

    fn is_stopping(&self) -> bool {
        self.is_live() && *self.wanted.borrow() == Wanted::Stopped
    }
}

#[async_trait]
impl Runtime for ProcessRuntime {
    async fn start(&self, spec: &UnitSpec) -> Result<UnitStatus, RuntimeError> {
        let _alone = self.changing.lock().await;
        if self.units().get(&spec.name).is_some_and(Unit::is_stopping) {
            self.stop_live(&spec.name).await?;
        }
        if let Some(status) = self.status(&spec.name).filter(|status| status.state.is_live()) {
            let same = status.spec == *spec;
            return same.then_some(status).ok_or_else(|| name_taken(spec));
        }
        let place = self.place(&spec.name);
        let process = Recorded::Stopped(None);
        let mut record =
            Record { spec: spec.clone(), wanted: Wanted::Running, process, restarts: 0 };
        let handle = launch(&place, &mut record).await?;
        let status = status_of(&record);
        self.units().insert(spec.name.clone(), Unit::live(place, record, Some(handle)));
        Ok(status)
    }

    async fn observe(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError> {
        Ok(self.status(name))
    }

    async fn list(&self) -> Result<Vec<UnitStatus>, RuntimeError> {
        Ok(self.units().values().map(|unit| unit.status.borrow().clone()).collect())
    }

    async fn tail(&self, name: &UnitName, bytes: usize) -> Result<String, RuntimeError> {
        if self.status(name).is_none() {
            return Err(RuntimeError::Unknown { name: name.clone() });
        }
        let path = self.directory.join(name.as_str());
        self.place(name).log().tail(bytes).map_err(state("read the log in", &path))
    }

    async fn stop(&self, name: &UnitName) -> Result<Option<UnitStatus>, RuntimeError> {
        let stopped = self.stop_live(name).await?;
        stopped.map(|status| self.settle_failed(status)).transpose()
    }

    async fn remove(&self, name: &UnitName) -> Result<(), RuntimeError> {
        let _alone = self.changing.lock().await;
        if self.units().get(name).is_some_and(Unit::is_live) {
            return Err(RuntimeError::Running { name: name.clone() });
        }
        self.place(name).remove()?;
        self.units().remove(name);
        Ok(())
    }
}

fn name_taken(spec: &UnitSpec) -> RuntimeError {
    RuntimeError::NameTaken { name: spec.name.clone() }
}
