//! What is promoted where, on the command line.

use clap::Args;
use pilotage_artifact::{Repository, Tag};
use pilotage_record::text::{EnvironmentName, PartName};

use super::{Pen, Which};

/// A release into an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct PromoteArgs {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The environment
    #[arg(long, value_name = "NAME")]
    pub(crate) to: EnvironmentName,
    /// The repository for an image, `name=registry/repository`; without it, where it was recorded
    #[arg(long, value_name = "IMAGE=REPOSITORY", value_parser = into)]
    pub(crate) into: Vec<(PartName, Repository)>,
    /// A tag that must never move; may be given several times [default: that of the version]
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<Tag>,
    /// A tag that may move, such as `prod`; may be given several times
    #[arg(long, value_name = "TAG")]
    pub(crate) moving: Vec<Tag>,
    /// Let an older release in, on purpose
    #[arg(long)]
    pub(crate) going_back: bool,
    #[command(flatten)]
    pub(crate) pen: Pen,
}

fn into(text: &str) -> Result<(PartName, Repository), String> {
    let (name, repository) = text.split_once('=').ok_or("use `IMAGE=REGISTRY/REPOSITORY`")?;
    let name = name.parse::<PartName>().map_err(|error| error.to_string())?;
    let repository = repository.parse::<Repository>().map_err(|error| error.to_string())?;
    Ok((name, repository))
}
