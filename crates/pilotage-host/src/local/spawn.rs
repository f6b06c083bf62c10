//! Starting the daemon if it is not running.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Child;
use tokio::time::{interval, timeout};

use crate::directory::{DirectoryError, ServiceDirectory};
use crate::os;
use crate::wire::Greeting;

use super::client::{CallError, Client};

/// How long a daemon may take to greet.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOKS: Duration = Duration::from_millis(10);
/// How much of the log is told.
const LAST_WORDS: u64 = 1_000;
/// The size at which the log begins anew.
const LONGEST_LOG: u64 = 1024 * 1024;

/// How the daemon is started: a program and the arguments before its own, for a binary that is
/// the daemon only if it is told so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonProgram {
    /// The file.
    pub file: PathBuf,
    /// The arguments before the daemon's own.
    pub leading: Vec<String>,
}

impl From<&Path> for DaemonProgram {
    /// A program that is the daemon and nothing else.
    fn from(file: &Path) -> Self {
        Self { file: file.to_owned(), leading: Vec::new() }
    }
}

/// Makes sure that a daemon keeps this directory: greets the one that runs, or starts `program`
/// in the background, in a session of its own, and waits until it greets.
///
/// `listen` is the address of a service that is new; port 0 means any. Two callers at once end up
/// with one daemon.
pub async fn ensure_running(
    directory: &ServiceDirectory,
    program: impl Into<DaemonProgram>,
    listen: Option<SocketAddr>,
) -> Result<Greeting, SpawnError> {
    let client = Client::new(directory.clone());
    match client.hello().await {
        Err(CallError::Absent { .. } | CallError::Unheard { .. }) => {}
        heard => return heard.map_err(|source| SpawnError::Unusable { source }),
    }
    directory.open().map_err(|source| SpawnError::Directory { source })?;
    let program = program.into();
    let failed = |source| SpawnError::Start { program: program.file.display().to_string(), source };
    let child = start(directory, &program, listen).map_err(failed)?;
    let greeted = timeout(PATIENCE, greeting(&client, child)).await;
    let words = || last_words(directory);
    greeted.unwrap_or(Err(Lost::Silent)).map_err(|lost| match lost {
        Lost::Died(status) => SpawnError::Died { status, words: words() },
        Lost::Silent => SpawnError::Silent { words: words() },
        Lost::Unusable(source) => SpawnError::Unusable { source },
    })
}

enum Lost {
    Died(ExitStatus),
    Silent,
    Unusable(CallError),
}

fn start(
    directory: &ServiceDirectory,
    program: &DaemonProgram,
    listen: Option<SocketAddr>,
) -> io::Result<Child> {
    let log = os::open_append(&directory.log())?;
    if log.metadata()?.len() > LONGEST_LOG {
        log.set_len(0)?;
    }
    let mut command = os::command(&program.file);
    command.args(&program.leading).arg("--dir").arg(directory.path()).arg("--detached");
    if let Some(address) = listen {
        command.arg("--listen").arg(address.to_string());
    }
    // The daemon outlives its caller, whose environment may hold secrets and is none of its business.
    command
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
}

/// Waits for the greeting, or for the end of the daemon.
async fn greeting(client: &Client, mut child: Child) -> Result<Greeting, Lost> {
    let mut looks = interval(LOOKS);
    let mut died = None;
    loop {
        looks.tick().await;
        match (client.hello().await, died) {
            (Ok(greeting), _) => return Ok(greeting),
            // Only now: another caller's daemon may have been faster than ours.
            (Err(_), Some(status)) => return Err(Lost::Died(status)),
            (Err(CallError::Absent { .. } | CallError::Unheard { .. }), None) => {}
            (Err(other), None) => return Err(Lost::Unusable(other)),
        }
        died = child.try_wait().ok().flatten();
    }
}

fn last_words(directory: &ServiceDirectory) -> String {
    let words = os::read_end(&directory.log(), LAST_WORDS).unwrap_or_default();
    String::from_utf8_lossy(&words).trim().to_owned()
}

/// Why there is no daemon.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// The service directory is not usable.
    #[error("no daemon can be started: {source}")]
    Directory {
        /// Why.
        source: DirectoryError,
    },
    /// There is one, and it cannot be used.
    #[error("the daemon cannot be used: {source}")]
    Unusable {
        /// Why.
        source: CallError,
    },
    /// The program cannot be started.
    #[error("the daemon {program} cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// It ended before it greeted.
    #[error("the daemon ended at once ({status}); its last words: {words}")]
    Died {
        /// How.
        status: ExitStatus,
        /// The end of its log.
        words: String,
    },
    /// It did not greet in time.
    #[error("the daemon did not greet within {} s; its last words: {words}", PATIENCE.as_secs())]
    Silent {
        /// The end of its log.
        words: String,
    },
}
