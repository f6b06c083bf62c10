//! Where the demonstration takes place: a directory with a service that is its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pilotage_host::directory::ServiceDirectory;
use pilotage_host::local::Client;
use pilotage_host::wire::Fate;
use tokio::time::{interval, timeout};

use super::error::DemoError;

/// How long the daemon may take to end.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a daemon may take to listen.
const BEGINNING: Duration = Duration::from_secs(2);
const LOOKS: Duration = Duration::from_millis(20);

/// The directory and the client of its daemon.
#[derive(Debug)]
pub(super) struct Stage {
    root: PathBuf,
    program: PathBuf,
    client: Client,
}

impl Stage {
    /// A stage in this directory, which must be new or empty.
    pub(super) fn set(root: PathBuf, program: PathBuf) -> Result<Self, DemoError> {
        let failed = |source| DemoError::Place { path: root.clone(), source };
        std::fs::create_dir_all(&root).map_err(failed)?;
        if std::fs::read_dir(&root).map_err(failed)?.next().is_some() {
            return Err(DemoError::Occupied { path: root });
        }
        let directory = ServiceDirectory::at(root.join("service"))?;
        Ok(Self { root, program, client: Client::new(directory) })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The service directory.
    pub(super) fn service(&self) -> &Path {
        self.client.directory().path()
    }

    /// Writes the report of a run, and says where.
    pub(super) fn keep_report(&self, release: &str, html: &str) -> Result<PathBuf, DemoError> {
        let path = self.root.join(format!("report-{release}.html"));
        match write(&path, html) {
            Ok(()) => Ok(path),
            Err(source) => Err(DemoError::Place { path, source }),
        }
    }

    /// Writes the configuration with which this release is brought out.
    pub(super) fn configure(
        &self,
        release: &str,
        strategy: &str,
        options: &[&str],
    ) -> Result<PathBuf, DemoError> {
        let path = self.root.join(format!("{release}.toml"));
        let text = self.configuration(strategy, options);
        write(&path, &text).map_err(|source| DemoError::Place { path: path.clone(), source })?;
        Ok(path)
    }

    fn configuration(&self, strategy: &str, options: &[&str]) -> String {
        let program = self.program.to_string_lossy();
        let args: Vec<&str> = [crate::DEMO_SERVICE].iter().chain(options).copied().collect();
        format!(
            r#"service = "demo"

[env.local]
size = 2
health = {{ good = 2, of = 2, interval = "250ms", max_age = "5s" }}
limits = {{ poll = "100ms" }}
strategy.{strategy}

[env.local.judge]
interval = "1s"
rules = [{{ metric = "errors", method.sequential = {{ harmless_rate = 0.02 }} }}]

[env.local.target]
kind = "local"
directory = "service"
listen = "127.0.0.1:0"

[env.local.artifact]
program = {program:?}
args = {args:?}
health = "/health"
"#
        )
    }

    /// The address of the service.
    pub(super) async fn address(&self) -> Result<SocketAddr, DemoError> {
        self.client.hello().await?.address.ok_or(DemoError::NoAddress)
    }

    /// Stops the units and the daemon, if it runs, and waits until it is gone.
    pub(super) async fn strike(&self) -> Result<(), DemoError> {
        let mut looks = interval(LOOKS);
        // A daemon that was started a moment ago listens soon, if it was started at all.
        let there = async {
            while self.service().exists() && self.client.hello().await.is_err() {
                looks.tick().await;
            }
        };
        if timeout(BEGINNING, there).await.is_err() || !self.service().exists() {
            return Ok(());
        }
        self.client.shutdown(Fate::Stop).await?;
        // It stops greeting at once, and removes its socket when the units are stopped.
        let socket = self.client.directory().socket();
        let gone = async {
            while socket.exists() {
                looks.tick().await;
            }
        };
        timeout(PATIENCE, gone).await.map_err(|_| DemoError::StillThere)
    }

    /// Removes all but the reports.
    #[expect(clippy::disallowed_methods, reason = "the demonstration made this very directory")]
    pub(super) fn sweep(&self) {
        // What is left is in a directory for such things.
        let _ = std::fs::remove_dir_all(self.service());
        for release in super::acts::RELEASES {
            let _ = std::fs::remove_file(self.root.join(format!("{release}.toml")));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "files that nobody reads meanwhile")]
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
