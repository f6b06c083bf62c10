//! A service of ECS as the target of the verbs.
//!
//! What is deployed is what serves with other images. What is healthy and when to go on is decided
//! above; where a run's journal and lease are is said by the configuration, so that any machine can go
//! on with it.

mod berth;
mod images;
mod keep;
mod place;
mod service;
mod text;

use std::sync::Arc;

use async_trait::async_trait;
use clap::Args;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_cli::{Berth, Harbour, Io, Platform, PlatformError};
use pilotage_driver::role::{NoMetrics, NoProbes};
use pilotage_migrate::berth as migrations;
use pilotage_rollout::ExitCode;
use pilotage_rollout::target::MigrationId;
use pilotage_target_ecs::{CandidateError, ComposeError, RegisterError};
use tokio::sync::OnceCell;

pub(crate) use berth::{session, wrong};
pub(crate) use keep::{Keep, Tables, tables};
pub(crate) use place::Place;

use images::{ImageFlag, Recipe};
use keep::Kept;
use service::Service;

/// ECS, and the one service of it that this process deals with.
#[derive(Debug)]
pub(crate) struct Amazon {
    service: OnceCell<Service>,
    io: Io,
}

/// What is deployed.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Deploy this image in this container; several times for several containers
    ///
    /// The image is named by its digest, as `pilotage-image resolve` prints it: a tag may move between
    /// the test and the deploy. What is given here goes before the table `artifact`.
    #[arg(long = "image", value_name = "CONTAINER=IMAGE@DIGEST")]
    images: Vec<ImageFlag>,

    /// Name the release; by default it is named after the content of its task definition
    #[arg(long, value_name = "NAME")]
    release: Option<ReleaseId>,

    /// Say how new the release is; by default it is newer than the one that serves
    #[arg(long, value_name = "NUMBER")]
    sequence: Option<u64>,
}

type EcsBerth = Berth<Place, Recipe>;

impl Amazon {
    /// Nothing is asked yet.
    pub(crate) fn new(io: Io) -> Self {
        Self { service: OnceCell::new(), io }
    }

    /// The service, reached once.
    async fn service(&self, berth: &EcsBerth) -> Result<&Service, PlatformError> {
        let reach = async || {
            let session = session(&berth.target).await?;
            Service::reach(&berth.target, &session, &berth.root, &self.io).await
        };
        self.service.get_or_try_init(reach).await
    }

    async fn composed(&self, berth: &EcsBerth, flags: &Flags) -> Result<Release, PlatformError> {
        let images = images::wanted(berth.artifact.as_ref(), &flags.images)?;
        let service = self.service(berth).await?;
        let composed = service.compose(flags.release.clone(), flags.sequence, &images).await;
        composed.map_err(uncomposed)
    }
}

#[async_trait]
impl Platform for Amazon {
    const PROGRAM: &'static str = "pilotage-ecs";
    const KIND: &'static str = "ecs";
    type Target = Place;
    type Artifact = Recipe;
    type Flags = Flags;

    fn furnish(command: clap::Command) -> clap::Command {
        command.subcommand(crate::state::command())
    }

    async fn moor(&self, berth: &EcsBerth) -> Result<Harbour, PlatformError> {
        berth::refuse_checks(&berth.checks)?;
        let target = self.service(berth).await?.target();
        let Kept { journal, lease, patience } = keep::open(berth).await?;
        Ok(Harbour {
            target,
            migrator: migrations::migrator(berth, &[crate::MIGRATE])?,
            journal,
            lease,
            probe: Arc::new(NoProbes),
            metrics: Arc::new(NoMetrics),
            address: None,
            patience,
        })
    }

    async fn name(&self, berth: &EcsBerth, flags: &Flags) -> Result<Release, PlatformError> {
        self.composed(berth, flags).await
    }

    async fn migration(&self, berth: &EcsBerth) -> Result<Option<MigrationId>, PlatformError> {
        migrations::id(berth)
    }

    async fn register(
        &self,
        berth: &EcsBerth,
        flags: &Flags,
        release: &Release,
    ) -> Result<(), PlatformError> {
        let service = self.service(berth).await?;
        if !service.knows(release) {
            // A plan of another process names the release; the images are said again.
            let (name, sequence) = (Some(release.id.clone()), Some(release.sequence));
            let images = images::wanted(berth.artifact.as_ref(), &flags.images)?;
            service.compose(name, sequence, &images).await.map_err(uncomposed)?;
        }
        service.register(release).await.map_err(unregistered)
    }
}

fn uncomposed(error: ComposeError) -> PlatformError {
    let code = match &error {
        ComposeError::Unread { .. } => ExitCode::Unknown,
        ComposeError::Candidate(CandidateError::Forgotten { .. }) => ExitCode::Refused,
        ComposeError::Candidate(_) => ExitCode::Usage,
    };
    PlatformError::new(code, "the release cannot be composed").because(error)
}

fn unregistered(error: RegisterError) -> PlatformError {
    let (code, help) = match &error {
        RegisterError::OtherContent { .. } => {
            (ExitCode::Refused, "plan again, or give the images that were planned")
        }
        RegisterError::Refused { source, .. } if source.may_have_happened() => {
            (ExitCode::Unknown, "deploy again: a revision too many changes nothing that serves")
        }
        RegisterError::Refused { .. } => {
            (ExitCode::Refused, "mend what ECS says, then deploy again; nothing was changed")
        }
        RegisterError::Unread { .. } => {
            (ExitCode::Unknown, "deploy again: a revision too many changes nothing that serves")
        }
    };
    PlatformError::new(code, "ECS does not know the release").because(error).help(help)
}
