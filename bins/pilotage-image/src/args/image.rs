//! What is brought where, on the command line.

use clap::Args;
use pilotage_artifact::{ImageRef, Reference, Tag};

/// Which image.
#[derive(Debug, Clone, Args)]
pub(crate) struct ResolveArgs {
    /// By tag or by digest: `registry/repository:tag`
    #[arg(value_name = "IMAGE")]
    pub(crate) image: Reference,
}

/// A further name for an image.
#[derive(Debug, Clone, Args)]
pub(crate) struct TagArgs {
    /// The image, by tag or by digest
    #[arg(value_name = "FROM")]
    pub(crate) from: Reference,
    /// The tag that is to name it, in the same registry
    #[arg(value_name = "TO")]
    pub(crate) to: ImageRef<Tag>,
    /// The tag is one that may move, such as `latest`
    #[arg(long)]
    pub(crate) moving: bool,
}

/// An image to another place.
#[derive(Debug, Clone, Args)]
pub(crate) struct CopyArgs {
    #[command(flatten)]
    pub(crate) tag: TagArgs,
    /// Leave signatures, SBOMs and attestations behind
    #[arg(long)]
    pub(crate) without_evidence: bool,
}
