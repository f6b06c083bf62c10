//! What the supervisor writes down about a unit, before and after each thing it does to it.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::os;
use crate::runtime::{Exit, RuntimeError, UnitSpec};

use super::identity::Identity;
use super::log::Log;

/// The state of a unit on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) spec: UnitSpec,
    pub(super) wanted: Wanted,
    pub(super) process: Recorded,
    pub(super) restarts: u32,
}

/// What the unit should be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Wanted {
    Running,
    Stopped,
}

/// What is known of the unit's process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Recorded {
    /// It was about to be started with this mark; whether that happened is told by the mark.
    Launching(String),
    /// It runs, or ran when this was written.
    Running(Identity),
    /// It has ended and is to be started again.
    Ended(Exit),
    /// It has ended too often.
    GivenUp(Exit),
    /// It has ended as it was asked to.
    Stopped(Option<Exit>),
}

/// The directory of one unit.
#[derive(Debug, Clone)]
pub(super) struct UnitDirectory(PathBuf);

impl UnitDirectory {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn log(&self) -> Log {
        Log::in_directory(&self.0)
    }

    /// The record, if there is one.
    pub(super) fn load(&self) -> Result<Option<Record>, RuntimeError> {
        let path = self.record();
        let bytes = match os::read_all(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(state("read", &path))?,
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(io::Error::from)
            .map_err(state("read", &path))
    }

    /// Replaces the record.
    pub(super) fn save(&self, record: &Record) -> Result<(), RuntimeError> {
        let path = self.record();
        os::make_directory(&self.0).map_err(state("make", &self.0))?;
        serde_json::to_vec(record)
            .map_err(io::Error::from)
            .and_then(|bytes| os::write_atomically(&path, &bytes))
            .map_err(state("write", &path))
    }

    /// Forgets the unit.
    pub(super) fn remove(&self) -> Result<(), RuntimeError> {
        os::remove_directory(&self.0).map_err(state("remove", &self.0))
    }

    fn record(&self) -> PathBuf {
        self.0.join("unit.json")
    }
}

/// Makes the error of a failed action on this file.
pub(super) fn state(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(io::Error) -> RuntimeError + use<> {
    let path = path.display().to_string();
    move |source| RuntimeError::State { action, path, source }
}
