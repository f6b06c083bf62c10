//! The service directory: all that one service on this machine consists of, in one place that
//! belongs to one user.
//!
//! It holds the socket, the state file, the daemon's log, the programs and the units. Whoever
//! opens it refuses a directory that others own or may look into, because who can write here
//! decides what runs. It deliberately knows nothing of what the files contain.

use std::io;
use std::path::{Path, PathBuf};

use crate::os;

/// The longest path of a socket that every Unix takes.
const LONGEST_SOCKET: usize = 100;

/// The directory of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceDirectory(PathBuf);

impl ServiceDirectory {
    /// The directory at this absolute path, whether it exists or not.
    pub fn at(path: impl Into<PathBuf>) -> Result<Self, DirectoryError> {
        let path = path.into();
        let directory = Self(path.clone());
        if !path.is_absolute() {
            return Err(DirectoryError::Relative { path: directory.text() });
        }
        if directory.socket().as_os_str().len() > LONGEST_SOCKET {
            return Err(DirectoryError::TooLong { path: directory.text() });
        }
        Ok(directory)
    }

    /// The path of the directory.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The socket that the daemon listens on.
    pub fn socket(&self) -> PathBuf {
        self.0.join("hostd.sock")
    }

    /// What a daemon that was started in the background has written.
    pub fn log(&self) -> PathBuf {
        self.0.join("hostd.log")
    }

    /// Where programs are kept under their digests.
    pub fn artifacts(&self) -> PathBuf {
        self.0.join("artifacts")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.0.join("state.json")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("hostd.lock")
    }

    /// Makes the directory if there is none, and makes sure that it is its owner's alone.
    pub(crate) fn open(&self) -> Result<(), DirectoryError> {
        os::make_directory(&self.0).map_err(|source| self.unusable(source))?;
        let owner = os::owner(&self.0).map_err(|source| self.unusable(source))?;
        let path = self.text();
        if owner.user != user() {
            return Err(DirectoryError::Foreign { path, owner: owner.user, user: user() });
        }
        if owner.mode & 0o077 != 0 || !owner.is_directory {
            return Err(DirectoryError::Open { path, mode: owner.mode });
        }
        Ok(())
    }

    /// Whether there is a socket; one of somebody else is refused.
    pub(crate) fn has_own_socket(&self) -> Result<bool, DirectoryError> {
        let path = self.socket();
        match os::owner(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(self.unusable(source)),
            Ok(owner) if owner.user == user() => Ok(true),
            Ok(owner) => {
                let path = path.display().to_string();
                Err(DirectoryError::Foreign { path, owner: owner.user, user: user() })
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        self.0.display().to_string()
    }

    fn unusable(&self, source: io::Error) -> DirectoryError {
        DirectoryError::Unusable { path: self.text(), source }
    }
}

/// The user that this process acts as.
pub(crate) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A directory that cannot hold a service.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A relative path means another place to each process.
    #[error("the service directory `{path}` is a relative path: give an absolute one")]
    Relative {
        /// What was given.
        path: String,
    },
    /// No socket can be made there.
    #[error(
        "the service directory `{path}` is too deep for a socket: use a path of at most \
         {LONGEST_SOCKET} bytes with `/hostd.sock` at its end"
    )]
    TooLong {
        /// What was given.
        path: String,
    },
    /// Somebody else's directory or socket.
    #[error(
        "{path} belongs to user {owner}, and this process is user {user}: whoever owns it decides \
         what runs, so it is not used; choose another directory"
    )]
    Foreign {
        /// The directory or the socket.
        path: String,
        /// Its owner.
        owner: u32,
        /// Who asks.
        user: u32,
    },
    /// Others may look into it or write to it, or it is no directory.
    #[error("{path} (mode {mode:03o}) is not a private directory: use `chmod 700`, or another one")]
    Open {
        /// The directory.
        path: String,
        /// Its mode.
        mode: u32,
    },
    /// It cannot be made or looked at.
    #[error("the service directory {path} cannot be used")]
    Unusable {
        /// The directory.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
}
