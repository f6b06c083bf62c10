//! One call to the daemon: connect, greet, ask, hear the answer.

use std::io;
use std::time::Duration;

use pilotage_rollout::Moment;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::target::{Observation, Order, Outcome};
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::directory::{DirectoryError, ServiceDirectory, user};
use crate::runtime::UnitName;
use crate::wire::line;
use crate::wire::{
    Comparison, Fate, Fault, Greeting, Hello, PROTOCOL, ReleaseSpec, Reply, Request, UnitInfo,
    Welcome,
};

/// How long the daemon may take for any answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Speaks to the daemon of one service directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    directory: ServiceDirectory,
}

impl Client {
    /// A client of the daemon of this directory, whether it runs or not.
    pub const fn new(directory: ServiceDirectory) -> Self {
        Self { directory }
    }

    /// The service directory.
    pub const fn directory(&self) -> &ServiceDirectory {
        &self.directory
    }

    /// Asks the daemon who it is.
    pub async fn hello(&self) -> Result<Greeting, CallError> {
        in_time(async { Ok(self.connect().await?.1) }).await
    }

    /// Reads the live state.
    pub async fn observe(&self) -> Result<Observation, CallError> {
        match self.call(Request::Observe).await? {
            Reply::Observed(observation) => Ok(observation),
            other => Err(unexpected(&other)),
        }
    }

    /// Carries out an order, unless it arrives later than `not_after`.
    pub async fn apply(
        &self,
        run: &RunId,
        order: &Order,
        not_after: Moment,
    ) -> Result<Outcome, CallError> {
        let request = Request::Apply { run: run.clone(), order: order.clone(), not_after };
        match self.call(request).await? {
            Reply::Acted(outcome) => Ok(outcome),
            other => Err(unexpected(&other)),
        }
    }

    /// Tells the daemon what a release means; the same again changes nothing.
    pub async fn register(&self, spec: ReleaseSpec) -> Result<(), CallError> {
        match self.call(Request::Register { spec: Box::new(spec) }).await? {
            Reply::Registered => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// What both sides of the current rollout answered in a window of time.
    pub async fn counters(&self, from: Moment, to: Moment) -> Result<Comparison, CallError> {
        match self.call(Request::Counters { from, to }).await? {
            Reply::Counted(comparison) => Ok(comparison),
            other => Err(unexpected(&other)),
        }
    }

    /// The units.
    pub async fn units(&self) -> Result<Vec<UnitInfo>, CallError> {
        match self.call(Request::Units).await? {
            Reply::Units(units) => Ok(units),
            other => Err(unexpected(&other)),
        }
    }

    /// The end of what a unit has written.
    pub async fn tail(&self, unit: UnitName, bytes: usize) -> Result<String, CallError> {
        match self.call(Request::Tail { unit, bytes }).await? {
            Reply::Tail(text) => Ok(text),
            other => Err(unexpected(&other)),
        }
    }

    /// Ends the daemon; it says so before it does.
    pub async fn shutdown(&self, units: Fate) -> Result<(), CallError> {
        match self.call(Request::Shutdown { units }).await? {
            Reply::Ending => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    async fn call(&self, request: Request) -> Result<Reply, CallError> {
        in_time(async {
            let (mut stream, _) = self.connect().await?;
            line::write(&mut stream, &request).await.map_err(broken)?;
            match line::read_value(&mut stream).await.map_err(broken)? {
                Reply::Failed(fault) => Err(CallError::Fault { source: fault }),
                reply => Ok(reply),
            }
        })
        .await
    }

    async fn connect(&self) -> Result<(BufReader<UnixStream>, Greeting), CallError> {
        let foreign = |source| CallError::Directory { source };
        let there = self.directory.has_own_socket().map_err(foreign)?;
        let absent = |source| CallError::Absent { path: self.directory.text(), source };
        if !there {
            return Err(absent(io::ErrorKind::NotFound.into()));
        }
        let stream = UnixStream::connect(self.directory.socket()).await.map_err(absent)?;
        self.check_owner(&stream)?;
        let mut stream = BufReader::new(stream);
        line::write(&mut stream, &Hello::ours()).await.map_err(unheard)?;
        let greeting = understand(line::read_value(&mut stream).await.map_err(unheard)?)?;
        Ok((stream, greeting))
    }

    fn check_owner(&self, stream: &UnixStream) -> Result<(), CallError> {
        let owner = stream.peer_cred().map_err(unheard)?.uid();
        if owner == user() {
            return Ok(());
        }
        let path = self.directory.socket().display().to_string();
        let source = DirectoryError::Foreign { path, owner, user: user() };
        Err(CallError::Directory { source })
    }
}

fn understand(welcome: Welcome) -> Result<Greeting, CallError> {
    let (protocol, version) = match welcome {
        Welcome::Hello(greeting) if greeting.protocol == PROTOCOL => return Ok(greeting),
        Welcome::Hello(greeting) => (greeting.protocol, greeting.version),
        Welcome::Failed(Fault::OtherProtocol { speaks, version, .. }) => (speaks, version),
        Welcome::Failed(source) => return Err(CallError::Fault { source }),
    };
    Err(CallError::OtherVersion { protocol, version })
}

async fn in_time<T>(call: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    timeout(PATIENCE, call).await.unwrap_or(Err(CallError::Silent))
}

fn unheard(source: io::Error) -> CallError {
    CallError::Unheard { source }
}

fn broken(source: io::Error) -> CallError {
    CallError::Broken { source }
}

fn unexpected(reply: &Reply) -> CallError {
    let text = format!("it answered something else: {reply:?}");
    CallError::Broken { source: io::Error::new(io::ErrorKind::InvalidData, text) }
}

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// Nobody listens.
    #[error("no daemon keeps {path}: {source}; start it with `pilotage-hostd --dir {path}`")]
    Absent {
        /// The service directory.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The socket is not ours.
    #[error("the daemon cannot be trusted: {source}")]
    Directory {
        /// Why.
        source: DirectoryError,
    },
    /// The daemon is of a version that speaks otherwise.
    #[error(
        "the daemon is version {version} and speaks protocol {protocol}, and this version ({}) \
         speaks protocol {PROTOCOL}: end the daemon with its own version and start this one; the \
         units run on meanwhile",
        env!("CARGO_PKG_VERSION")
    )]
    OtherVersion {
        /// What it speaks.
        protocol: u32,
        /// Its version.
        version: String,
    },
    /// The connection broke before the request was sent.
    #[error("the daemon did not greet: {source}")]
    Unheard {
        /// What the operating system said.
        source: io::Error,
    },
    /// The connection broke after the request was sent: it may have been carried out.
    #[error("the daemon did not answer: {source}")]
    Broken {
        /// What the operating system said.
        source: io::Error,
    },
    /// The daemon took too long: it may carry the request out yet.
    #[error("the daemon did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    /// The daemon says that it did not do it.
    #[error("{source}")]
    Fault {
        /// Why.
        source: Fault,
    },
}

impl CallError {
    /// Whether the request certainly was not, and never will be, carried out.
    pub fn nothing_happened(&self) -> bool {
        match self {
            Self::Absent { .. }
            | Self::Directory { .. }
            | Self::OtherVersion { .. }
            | Self::Unheard { .. } => true,
            Self::Broken { .. } | Self::Silent => false,
            Self::Fault { source } => !matches!(source, Fault::Internal { .. }),
        }
    }

    /// Whether trying again cannot help.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Directory { .. } | Self::OtherVersion { .. } => true,
            Self::Fault { source } => {
                !matches!(source, Fault::Unavailable { .. } | Fault::Internal { .. })
            }
            Self::Absent { .. } | Self::Unheard { .. } | Self::Broken { .. } | Self::Silent => {
                false
            }
        }
    }
}
