//! What a worker of this machine does for whoever looks after it.

use std::io;
use std::path::{Path, PathBuf};

use rustix::process::setsid;

use super::files;

/// The place of one worker, from its beginning to its end.
#[derive(Debug)]
pub struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// Takes the place that was made for this process, in a session of its own.
    pub fn take(folder: PathBuf) -> io::Result<Self> {
        setsid()?;
        files::put(&pid_file(&folder), &std::process::id().to_string())?;
        Ok(Self { folder })
    }

    /// Leaves, with this exit code.
    pub fn leave(self, code: u8) {
        // What cannot be written is found out from the lease, and from the log.
        let _ = files::put(&exit_file(&self.folder), &code.to_string());
    }
}

pub(super) fn pid_file(folder: &Path) -> PathBuf {
    folder.join("pid")
}

pub(super) fn exit_file(folder: &Path) -> PathBuf {
    folder.join("exit")
}

/// Locked for as long as the worker lives.
pub(super) fn alive_file(folder: &Path) -> PathBuf {
    folder.join("alive")
}

pub(super) fn log_file(folder: &Path) -> PathBuf {
    folder.join("log")
}
