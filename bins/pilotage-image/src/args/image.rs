//! What is brought where, on the command line.

use clap::Args;
use pilotage_artifact::{ImageRef, Reference, Repository, Tag};

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
    /// The tag that is to name it: `v1.4.0`, or an address in the same registry
    #[arg(value_name = "TO", value_parser = Name::parse)]
    pub(crate) to: Name,
    /// The tag is one that may move, such as `latest`
    #[arg(long)]
    pub(crate) moving: bool,
}

/// A further name for an image: a tag beside its own, or one in another repository.
#[derive(Debug, Clone)]
pub(crate) enum Name {
    /// In the repository of the image.
    Beside(Tag),
    /// Somewhere.
    At(ImageRef<Tag>),
}

impl Name {
    fn parse(text: &str) -> Result<Self, String> {
        let at = |error: &dyn std::fmt::Display| error.to_string();
        if text.contains(['/', ':', '@']) {
            return text.parse().map(Self::At).map_err(|error| at(&error));
        }
        text.parse().map(Self::Beside).map_err(|error| at(&error))
    }

    /// The whole name, for an image of this repository.
    pub(crate) fn of(&self, repository: &Repository) -> ImageRef<Tag> {
        match self {
            Self::Beside(tag) => repository.tagged(tag.clone()),
            Self::At(image) => image.clone(),
        }
    }
}

/// An image to another place.
#[derive(Debug, Clone, Args)]
pub(crate) struct CopyArgs {
    /// The image, by tag or by digest
    #[arg(value_name = "FROM")]
    pub(crate) from: Reference,
    /// The tag that is to name it there: `registry/repository:tag`
    #[arg(value_name = "TO")]
    pub(crate) to: ImageRef<Tag>,
    /// The tag is one that may move, such as `latest`
    #[arg(long)]
    pub(crate) moving: bool,
    /// Leave signatures, SBOMs and attestations behind
    #[arg(long)]
    pub(crate) without_evidence: bool,
}
