//! What keeps the demonstration from being shown.

use std::io;
use std::path::PathBuf;

use pilotage_host::directory::DirectoryError;
use pilotage_host::local::CallError;
use pilotage_rollout::ExitCode;

/// Why the demonstration ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum DemoError {
    /// A file or directory of it cannot be used.
    #[error("{} cannot be used", path.display())]
    Place {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Something is there already.
    #[error("{} is not empty: name a new directory with `--keep`", path.display())]
    Occupied {
        /// The directory.
        path: PathBuf,
    },
    /// No service can be kept there.
    #[error("no service can be kept there")]
    Directory(#[from] DirectoryError),
    /// The daemon does not answer.
    #[error("the daemon does not answer")]
    Daemon(#[from] CallError),
    /// The daemon does not tell where the service is.
    #[error("the daemon does not tell the address of the service")]
    NoAddress,
    /// The daemon does not end.
    #[error("the daemon was told to end and did not")]
    StillThere,
    /// A command ended in another way than was to be shown.
    #[error("{what} ended with code {} instead of {}", u8::from(*code), u8::from(*wanted))]
    Otherwise {
        /// The command.
        what: String,
        /// How it ended.
        code: ExitCode,
        /// How it should have.
        wanted: ExitCode,
    },
    /// The process that was to be killed cannot be used.
    #[error("the deploy of a process of its own cannot be shown")]
    Child(#[source] io::Error),
    /// The process that was to be killed was never mid-shift.
    #[error("the deploy that was to be killed ended or hung before it had shifted traffic")]
    NeverMidShift,
    /// The journals cannot be read.
    #[error("the journals of the demonstration cannot be read: {reason}")]
    Journals {
        /// Why.
        reason: String,
    },
    /// Somebody stopped it.
    #[error("stopped by a signal")]
    Interrupted,
}

impl DemoError {
    /// What the process returns because of it.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::Occupied { .. } | Self::Directory(_) => 2,
            Self::Interrupted => 130,
            _ => 1,
        }
    }
}
