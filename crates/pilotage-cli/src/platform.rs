//! What only the binary of one kind of target knows.

use core::error::Error;
use core::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use clap::Args;
use pilotage_artifact::Release;
use pilotage_driver::drive::Patience;
use pilotage_driver::role::{JournalStore, Lease, Metrics, Migrator, Probe, Target};
use pilotage_rollout::ExitCode;
use pilotage_rollout::target::MigrationId;
use serde::de::DeserializeOwned;

use crate::{Berth, ConfigError};

/// One kind of target: this machine, ECS, a fleet of hosts, AKS.
///
/// # Contract
///
/// - **`moor` changes nothing that serves.** It may start what the target itself consists of, a
///   daemon for example, but no unit and no route.
/// - **`name` is a question, `register` is a deed.** `name` says what the release would be, from
///   the flags, the artifact table and files, and is asked by `plan` as well. `register` makes
///   the target know the content of a release before a run of it begins; registering the same
///   release twice is `Ok`, and another content under the same id is an error.
/// - **Errors are complete**: they say what helps and which exit code stands for them.
#[async_trait]
pub trait Platform: Debug + Send + Sync {
    /// The name of the program, as in the next command to run.
    const PROGRAM: &'static str;

    /// What `kind` says in the target table.
    const KIND: &'static str;

    /// The other keys of the target table.
    type Target: DeserializeOwned + Debug + Send + Sync;

    /// The keys of the artifact table.
    type Artifact: DeserializeOwned + Debug + Send + Sync;

    /// Additional flags of `plan` and `deploy`, which say what is deployed.
    type Flags: Args + Debug + Send + Sync;

    /// The command line with what else this program can do, for help, completions and manual
    /// pages. The program takes such verbs itself, before it calls [`run`](crate::run).
    fn furnish(command: clap::Command) -> clap::Command {
        command
    }

    /// Goes to the target and gives the roles that a driver needs.
    async fn moor(
        &self,
        berth: &Berth<Self::Target, Self::Artifact>,
    ) -> Result<Harbour, PlatformError>;

    /// Names the release that is asked for.
    async fn name(
        &self,
        berth: &Berth<Self::Target, Self::Artifact>,
        flags: &Self::Flags,
    ) -> Result<Release, PlatformError>;

    /// Names the set of migrations that a new release needs, as it is now. What this gives is what
    /// the migrator of [`moor`](Self::moor) understands.
    async fn migration(
        &self,
        berth: &Berth<Self::Target, Self::Artifact>,
    ) -> Result<Option<MigrationId>, PlatformError> {
        if berth.migration.is_none() {
            return Ok(None);
        }
        let what = format!("`{}` applies no migrations", Self::PROGRAM);
        Err(PlatformError::new(ExitCode::Usage, what)
            .help("take the table `migration` out, and run `pilotage-migrate` before"))
    }

    /// Makes the target know the content of a release.
    async fn register(
        &self,
        berth: &Berth<Self::Target, Self::Artifact>,
        flags: &Self::Flags,
        release: &Release,
    ) -> Result<(), PlatformError>;
}

/// The roles that a platform fills; the others are the binary's.
#[derive(Debug, Clone)]
pub struct Harbour {
    /// The place that runs the service.
    pub target: Arc<dyn Target>,
    /// Whoever applies expand migrations.
    pub migrator: Arc<dyn Migrator>,
    /// Where journals are kept.
    pub journal: Arc<dyn JournalStore>,
    /// The ownership of the target.
    pub lease: Arc<dyn Lease>,
    /// Whoever performs smoke checks.
    pub probe: Arc<dyn Probe>,
    /// Whoever reads metrics.
    pub metrics: Arc<dyn Metrics>,
    /// Where people reach the service, if the platform knows that.
    pub address: Option<String>,
    /// How long each of these may take to answer.
    pub patience: Patience,
}

/// Why a platform could not do its part.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct PlatformError {
    what: String,
    code: ExitCode,
    help: Vec<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl From<ConfigError> for PlatformError {
    fn from(error: ConfigError) -> Self {
        let help = error.help();
        let told = Self::new(ExitCode::Usage, "the configuration cannot be used").because(error);
        help.into_iter().fold(told, Self::help)
    }
}

impl PlatformError {
    /// What could not be done, and what the process returns because of it.
    pub fn new(code: ExitCode, what: impl Into<String>) -> Self {
        Self { what: what.into(), code, help: Vec::new(), source: None }
    }

    /// Adds something that helps.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Says because of what.
    pub fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// What the process returns.
    pub const fn exit_code(&self) -> ExitCode {
        self.code
    }

    /// What helps, best first.
    pub fn hints(&self) -> &[String] {
        &self.help
    }
}
