//! Why a daemon cannot begin, or cannot go on.

use std::io;
use std::net::SocketAddr;

use crate::directory::DirectoryError;
use crate::runtime::RuntimeError;

/// Why a daemon cannot begin, or cannot go on. The units are not touched by any of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostdError {
    /// The service directory is not usable.
    #[error("cannot use the service directory")]
    Directory {
        /// Why.
        #[source]
        source: DirectoryError,
    },
    /// Another daemon keeps the directory.
    #[error("another daemon keeps {path}: use that one, or end it first")]
    Busy {
        /// The directory.
        path: String,
    },
    /// The service was never told where to listen.
    #[error("the service in {path} is new: tell its address with --listen, as 127.0.0.1:8080")]
    NoAddress {
        /// The directory.
        path: String,
    },
    /// The service has another address.
    #[error(
        "the service in {path} is at {known}, not at {asked}: leave --listen out, or use another \
         directory"
    )]
    OtherAddress {
        /// The directory.
        path: String,
        /// Where the service is.
        known: SocketAddr,
        /// What was asked for.
        asked: SocketAddr,
    },
    /// The address of the service is not free.
    #[error("cannot listen on {address}: end whatever holds it, or choose another address")]
    AddressTaken {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The state file was written by a newer version.
    #[error(
        "{path} has schema {found}, and this version knows schemas up to {known}: use the version \
         that wrote it; nothing was changed"
    )]
    NewerState {
        /// The file.
        path: String,
        /// What it says.
        found: u32,
        /// What this version knows.
        known: u32,
    },
    /// The state file is not what any version wrote.
    #[error(
        "{path} is damaged: restore it from a copy, or move it away to begin anew; nothing was \
         changed, and the units run on"
    )]
    DamagedState {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file or the socket could not be used.
    #[error("cannot {action} {path}")]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The units cannot be taken over.
    #[error("cannot take over the units")]
    Units {
        /// Why.
        #[source]
        source: RuntimeError,
    },
}

impl HostdError {
    /// The exit code of a program that ends with this error: 2 wrong usage, 5 busy, else 1.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoAddress { .. } | Self::OtherAddress { .. } => 2,
            Self::Busy { .. } => 5,
            _ => 1,
        }
    }
}
