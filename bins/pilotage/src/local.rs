//! This machine as the target of the verbs.
//!
//! All of a service is in one directory: what its daemon keeps, the journals of its runs and the
//! lease. The daemon is this very program, started in the background when it is not running.
//! Which checks there are, what is healthy and when to go on is decided above.

mod artifact;
mod checks;
mod sequence;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clap::Args;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_cli::{Berth, Harbour, Platform, PlatformError};
use pilotage_driver::drive::Patience;
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_host::artifacts::ArtifactStore;
use pilotage_host::directory::ServiceDirectory;
use pilotage_host::local::{
    Client, DaemonProgram, LocalMetrics, LocalProbe, LocalTarget, SpawnError, ensure_running,
};
use pilotage_host::wire::{Greeting, ReleaseSpec};
use pilotage_migrate::berth as migrations;
use pilotage_rollout::ExitCode;
use pilotage_rollout::target::MigrationId;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use artifact::Recipe;

/// This machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local;

/// The table `target` of kind `local`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The directory of the service.
    directory: PathBuf,
    /// The address of the service; port 0 means any.
    #[serde(deserialize_with = "address")]
    listen: SocketAddr,
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    let hint = "is no address with a port: write for example `127.0.0.1:8080`";
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` {hint}")))
}

/// What is deployed.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Name the release; by default it is named after the content of the artifact
    #[arg(long, value_name = "NAME")]
    release: Option<ReleaseId>,

    /// Say how new the release is; by default it is newer than all that this machine knows
    #[arg(long, value_name = "NUMBER")]
    sequence: Option<u64>,
}

type LocalBerth = Berth<Place, Recipe>;

#[async_trait]
impl Platform for Local {
    const PROGRAM: &'static str = "pilotage";
    const KIND: &'static str = "local";
    type Target = Place;
    type Artifact = Recipe;
    type Flags = Flags;

    fn furnish(command: clap::Command) -> clap::Command {
        command.subcommand(crate::stop::command()).subcommand(crate::demo::command())
    }

    async fn moor(&self, berth: &LocalBerth) -> Result<Harbour, PlatformError> {
        let directory = directory(berth)?;
        let checks = checks::of(berth, &absolute(&berth.root)?)?;
        let greeting = start(&directory, berth.target.listen).await?;
        let lease = lease(&directory, &berth.target_name)?;
        let journal = FileJournalStore::new(journals(directory.path()));
        let client = Client::new(directory);
        Ok(Harbour {
            target: Arc::new(LocalTarget::new(client.clone())),
            migrator: migrations::migrator(berth, &[crate::MIGRATE])?,
            journal: Arc::new(journal),
            lease: Arc::new(lease),
            probe: Arc::new(LocalProbe::new(client.clone(), checks)),
            metrics: Arc::new(LocalMetrics::new(client)),
            address: greeting.address.map(|address| format!("http://{address}")),
            patience: Patience::default(),
        })
    }

    /// Copies the program into the service directory, because its name follows from its content.
    async fn name(&self, berth: &LocalBerth, flags: &Flags) -> Result<Release, PlatformError> {
        let directory = directory(berth)?;
        let artifact = artifact::add(&directory, berth).await?;
        let digest = artifact.digest().map_err(|error| wrong("the artifact is unfit", error))?;
        let id = match &flags.release {
            Some(id) => id.clone(),
            None => artifact::id_of(&digest)?,
        };
        let sequence = match flags.sequence {
            Some(sequence) => sequence,
            None => sequence::of(&Client::new(directory), &id).await?,
        };
        Ok(Release { id, digest, sequence })
    }

    async fn migration(&self, berth: &LocalBerth) -> Result<Option<MigrationId>, PlatformError> {
        migrations::id(berth)
    }

    async fn register(
        &self,
        berth: &LocalBerth,
        _: &Flags,
        release: &Release,
    ) -> Result<(), PlatformError> {
        let directory = directory(berth)?;
        let artifact = artifact::add(&directory, berth).await?;
        let mut spec = ReleaseSpec::new(release.id.clone(), release.sequence, artifact)
            .map_err(|error| wrong("the artifact is unfit", error))?;
        if let Some(drain) = berth.drain {
            spec.drain = Duration::from_millis(drain.as_millis());
        }
        if spec.release.digest != release.digest {
            let what = format!("the artifact is not the one that `{}` was planned for", release.id);
            return Err(PlatformError::new(ExitCode::Refused, what)
                .help("plan again, or bring back the program, arguments and environment"));
        }
        let registered = Client::new(directory).register(spec).await;
        registered.map_err(|error| refused(format!("`{}` cannot be registered", release.id), error))
    }
}

/// Where the journals of a service directory are.
pub(crate) fn journals(service: &Path) -> PathBuf {
    service.join("runs")
}

impl Place {
    /// The service directory; relative paths start from this one, that of the configuration.
    pub(crate) fn directory_from(&self, root: &Path) -> Result<ServiceDirectory, PlatformError> {
        let path = absolute(&root.join(&self.directory))?;
        ServiceDirectory::at(path)
            .map_err(|error| wrong("the service directory cannot be used", error))
    }
}

/// The lease on a service, kept in its directory.
pub(crate) fn lease(
    directory: &ServiceDirectory,
    target: &str,
) -> Result<FileLease, PlatformError> {
    FileLease::new(directory.path().join("leases"), target)
        .map_err(|error| unusable("the lease cannot be kept", error))
}

fn absolute(path: &Path) -> Result<PathBuf, PlatformError> {
    // The parent of a file in the working directory is empty.
    std::path::absolute(Path::new(".").join(path))
        .map_err(|error| wrong("the directory of the configuration cannot be found", error))
}

/// The service directory, made if there is none; relative paths start from the configuration.
fn directory(berth: &LocalBerth) -> Result<ServiceDirectory, PlatformError> {
    let directory = berth.target.directory_from(&berth.root)?;
    ArtifactStore::open(&directory)
        .map_err(|error| wrong("the service directory cannot be used", error))?;
    Ok(directory)
}

/// Makes sure that the daemon runs, and that the service is where the configuration says.
async fn start(
    directory: &ServiceDirectory,
    listen: SocketAddr,
) -> Result<Greeting, PlatformError> {
    let file = std::env::current_exe()
        .map_err(|error| unusable("this program cannot find itself, to start the daemon", error))?;
    let program = DaemonProgram { file, leading: vec![crate::HOSTD.to_owned()] };
    let greeting = ensure_running(directory, program, Some(listen)).await;
    let greeting = greeting.map_err(|error| not_started(directory, error))?;
    is_at(&greeting, listen)?;
    Ok(greeting)
}

fn is_at(greeting: &Greeting, listen: SocketAddr) -> Result<(), PlatformError> {
    match greeting.address {
        Some(address) if listen.port() != 0 && address != listen => {
            let what = format!("the service is at {address}, and `listen` says {listen}");
            Err(PlatformError::new(ExitCode::Usage, what).help(
                "an address stays for good: write it into `listen`, or use a new `directory`",
            ))
        }
        _ => Ok(()),
    }
}

fn not_started(directory: &ServiceDirectory, error: SpawnError) -> PlatformError {
    let log = directory.log();
    refused("the daemon of the service cannot be used".to_owned(), error)
        .help(format!("see what it said in {}", log.display()))
}

fn wrong(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> PlatformError {
    PlatformError::new(ExitCode::Usage, what).because(error)
}

pub(crate) fn unusable(
    what: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> PlatformError {
    PlatformError::new(ExitCode::Unknown, what).because(error)
}

fn refused(what: String, error: impl std::error::Error + Send + Sync + 'static) -> PlatformError {
    PlatformError::new(ExitCode::Refused, what).because(error)
}
