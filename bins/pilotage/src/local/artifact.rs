//! What a release of this machine is made of, as the configuration says it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pilotage_artifact::{Digest, ReleaseId};
use pilotage_cli::PlatformError;
use pilotage_host::artifacts::{ArtifactStore, Program};
use pilotage_host::directory::ServiceDirectory;
use pilotage_host::runtime::{HealthPath, Identity, LocalArtifact};
use pilotage_rollout::ExitCode;
use serde::Deserialize;

use super::{LocalBerth, unusable, wrong};

/// The table `artifact`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipe {
    /// The program; it is copied, so that rebuilding it changes nothing that runs.
    program: PathBuf,
    /// The arguments.
    #[serde(default)]
    args: Vec<String>,
    /// The environment, all of it, beside `PORT` and `PILOTAGE_RELEASE`.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Where the program answers whether it is well.
    health: HealthPath,
    /// What that answer must say of the release; `required` if absent.
    #[serde(default)]
    identity: Identity,
}

/// Keeps a copy of the program, and says what its units would run.
pub(super) async fn add(
    directory: &ServiceDirectory,
    berth: &LocalBerth,
) -> Result<LocalArtifact, PlatformError> {
    let Some(recipe) = berth.artifact.clone() else {
        return Err(PlatformError::new(ExitCode::Usage, "there is nothing to deploy")
            .help("add a table `artifact` with `program` and `health` to the environment"));
    };
    let file = berth.root.join(&recipe.program);
    let program = Program {
        args: recipe.args,
        env: recipe.env.into_iter().collect(),
        identity: recipe.identity,
        ..Program::new(file, recipe.health)
    };
    let store = ArtifactStore::open(directory).map_err(|error| wrong("nothing is kept", error))?;
    let added = tokio::task::spawn_blocking(move || store.add(program)).await;
    let added = added.map_err(|error| unusable("the program was not copied to its end", error))?;
    added.map_err(|error| {
        let help = error.help();
        wrong("the program cannot be kept", error).help(help)
    })
}

/// The name of a release that nobody named.
pub(super) fn id_of(digest: &Digest) -> Result<ReleaseId, PlatformError> {
    let id = format!("r-{}", digest.short()).parse();
    id.map_err(|error| wrong("the release cannot be named after its content", error))
}
