//! Why a rehearsal could not be held; what it finds out is no error.

use std::io;

use pilotage_driver::drive::DriverError;
use pilotage_host::artifacts::ArtifactError;
use pilotage_host::directory::DirectoryError;
use pilotage_host::local::{CallError, SpawnError};

/// Why a rehearsal could not be held.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The operating system refused something.
    #[error("{what}")]
    System {
        /// What was wanted.
        what: String,
        /// What it said.
        source: io::Error,
    },
    /// No service can be kept there.
    #[error("no service can be kept in the directory of the rehearsal")]
    Directory(#[from] DirectoryError),
    /// The service to deploy cannot be made an artifact.
    #[error("the service cannot be made an artifact")]
    Artifact(#[from] ArtifactError),
    /// The daemon does not start.
    #[error("the daemon does not start")]
    Spawn(#[from] SpawnError),
    /// The daemon does not answer.
    #[error("the daemon does not answer")]
    Daemon(#[from] CallError),
    /// A run could not be driven.
    #[error("the run cannot be driven")]
    Driver(#[from] DriverError),
    /// Something ended in another way than a rehearsal can go on from.
    #[error("{what}")]
    Otherwise {
        /// What, and how.
        what: String,
    },
    /// Somebody stopped it.
    #[error("stopped by a signal")]
    Interrupted,
}

impl Trouble {
    /// Puts what was wanted before what the system said.
    pub fn when(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::System { what, source }
    }

    /// Says what is otherwise.
    pub fn otherwise(what: impl Into<String>) -> Self {
        Self::Otherwise { what: what.into() }
    }
}
