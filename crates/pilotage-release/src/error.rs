//! Why a release was not made, in words that say what to do next.

use std::path::PathBuf;

use pilotage_artifact::next::Underivable;
use pilotage_artifact::{CommitId, Digest};
use pilotage_config::DocumentError;
use pilotage_git::GitError;

use crate::FileError;

/// Why nothing was done, or not everything.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The configuration cannot be used.
    #[error("{}", .0.advised())]
    Config(DocumentError),
    /// The repository could not be read or written.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A version file could not be read or edited.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no next version.
    #[error(transparent)]
    Version(#[from] Underivable),
    /// What is there is not what was planned.
    #[error(
        "the plan is {} and not {given}: the commit, the tags or the configuration have changed; \
         look at it with `cargo xtask release plan`", .now.short()
    )]
    Changed {
        /// The plan that was asked for.
        given: String,
        /// The plan that would be made now.
        now: Digest,
    },
    /// The branch stands elsewhere at the remote.
    #[error(
        "`{branch}` is at {} at the remote, and the plan is for {}; {help}",
        .tip.map_or_else(|| "no commit".into(), |tip| tip.short()), .head.short()
    )]
    Moved {
        /// Which branch.
        branch: String,
        /// Where it is.
        tip: Option<CommitId>,
        /// Where it was expected.
        head: CommitId,
        /// What to do.
        help: &'static str,
    },
    /// A tag is not the same here and at the remote.
    #[error(
        "tag `{name}` is not the same here and at the remote; `git ls-remote --tags` shows theirs: \
         take it with `git fetch --force`, or delete yours with `git tag -d {name}`"
    )]
    TagDiffers {
        /// Which tag.
        name: String,
    },
    /// Others were faster, again and again.
    #[error("other runs were faster {0} times; run it again when there are fewer")]
    Outrun(u32),
    /// Somebody else has the version that was planned.
    #[error(
        "`{tag}` was released by another run, at {}; make a new plan", .at.short()
    )]
    Lost {
        /// The tag.
        tag: String,
        /// Where it is.
        at: CommitId,
    },
    /// There is no release of this name.
    #[error(
        "there is no release `{0}`; `git tag` lists what there is, `git fetch --tags` what is missing"
    )]
    NoRelease(String),
    /// What cannot be built as a version.
    #[error("the build has no version")]
    Build(#[from] pilotage_artifact::InvalidVersion),
    /// There is no configuration.
    #[error("there is no `{}`; make one, even an empty one, or name it with `--config`", .0.display())]
    NoConfig(PathBuf),
    /// A file could not be read.
    #[error("could not read `{}`", .path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gave no random bytes, by which a claim is told from all others.
    #[error("there are no random bytes to mark the tag with")]
    NoNonce(#[source] std::io::Error),
    /// What was said about a release could not be read.
    #[cfg(feature = "records")]
    #[error("the evidence cannot be used: {what}")]
    Evidence {
        /// What is wrong, and with what.
        what: String,
        /// Why.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl ReleaseError {
    /// The exit code: 1 failed, 2 usage or configuration, 4 unknown, 6 refused.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::NoConfig(_) => 2,
            #[cfg(feature = "records")]
            Self::Evidence { .. } => 2,
            Self::Git(GitError::Unknown { .. }) => 4,
            Self::Changed { .. }
            | Self::Moved { .. }
            | Self::TagDiffers { .. }
            | Self::Lost { .. }
            | Self::Version(_)
            | Self::Git(GitError::Shallow { .. } | GitError::Changed { .. }) => 6,
            _ => 1,
        }
    }
}

impl From<DocumentError> for ReleaseError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Unreadable { path, source } => Self::Read { path, source },
            other => Self::Config(other),
        }
    }
}
