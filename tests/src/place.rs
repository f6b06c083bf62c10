//! A directory with a daemon of its own, and the `pilotage` binary that is rehearsed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pilotage_host::directory::ServiceDirectory;
use pilotage_host::local::{Client, DaemonProgram, ensure_running};
use pilotage_host::wire::Fate;
use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{interval, timeout};

use crate::error::Trouble;

/// How long a daemon may take to stop its units and end.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOKS: Duration = Duration::from_millis(20);

/// A service with a daemon, on any free address of this machine.
#[derive(Debug)]
pub struct Place {
    home: TempDir,
    pilotage: PathBuf,
    client: Client,
    address: SocketAddr,
}

impl Place {
    /// Rehearses in a new place, and stops whatever runs there, however it ends or is stopped.
    pub async fn hold<T>(
        pilotage: &Path,
        act: impl AsyncFnOnce(&Self) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let place = Self::begin(pilotage).await?;
        let acted = tokio::select! {
            acted = act(&place) => acted,
            stopped = stopped() => Err(stopped.err().unwrap_or(Trouble::Interrupted)),
        };
        let ended = place.end().await;
        let acted = acted?;
        ended.map(|()| acted)
    }

    async fn begin(pilotage: &Path) -> Result<Self, Trouble> {
        let home = tempfile::Builder::new().prefix("pilotage-rehearsal-").tempdir();
        let home = home.map_err(Trouble::when("there is no room for a rehearsal"))?;
        let directory = ServiceDirectory::at(home.path().join("service"))?;
        let ledgers = home.path().join("ledgers");
        std::fs::create_dir(&ledgers).map_err(Trouble::when("the ledgers cannot be kept"))?;
        let program = DaemonProgram { file: pilotage.to_owned(), leading: vec!["hostd".into()] };
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let greeting = ensure_running(&directory, program, Some(any)).await?;
        let nowhere = || Trouble::otherwise("the daemon does not tell where the service is");
        let address = greeting.address.ok_or_else(nowhere)?;
        Ok(Self { home, pilotage: pilotage.to_owned(), client: Client::new(directory), address })
    }

    async fn end(&self) -> Result<(), Trouble> {
        self.client.shutdown(Fate::Stop).await?;
        // It stops greeting at once, and removes its socket when the units are stopped.
        let socket = self.client.directory().socket();
        let mut looks = interval(LOOKS);
        let gone = async {
            while socket.exists() {
                looks.tick().await;
            }
        };
        let late = |_| Trouble::otherwise("the daemon was told to end and did not");
        timeout(PATIENCE, gone).await.map_err(late)
    }

    /// Where everything is.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where the units write down what they processed.
    pub fn ledgers(&self) -> PathBuf {
        self.home.path().join("ledgers")
    }

    /// The binary.
    pub fn pilotage(&self) -> &Path {
        &self.pilotage
    }

    /// Speaks to the daemon.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Where the service is reached.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The arguments of the service that is shipped here.
    pub fn service_arguments(&self) -> Vec<String> {
        let ledgers = self.ledgers().to_string_lossy().into_owned();
        vec!["demo-service".into(), "--ledger".into(), ledgers]
    }
}

/// Ends with the first signal that asks the process to stop.
async fn stopped() -> Result<(), Trouble> {
    let listen = |kind| signal(kind).map_err(Trouble::when("signals cannot be listened for"));
    let (mut int, mut term) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
    Ok(())
}
