//! Which tags the images of a build get, which of them stand still, which move, and why.
//!
//! The build of a commit gets a tag that names the commit and one that names its version; both mean
//! the same content for ever. A release gives that very build the tag of the release, and moves to
//! it the channels of which it is the newest. So what is released is what was built and tested.

use pilotage_artifact::next::Build;
use pilotage_artifact::{Channel, CommitId, Motion, Repository, Tag, Version};
use pilotage_git::Tags;
use serde::Serialize;

use crate::config::{Images, Kind};
use crate::{Built, Desk, ReleaseError};

/// The tags of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tagging {
    /// What is built.
    pub commit: CommitId,
    /// The version of the build.
    pub version: Version,
    /// The release that can be made of it; nothing, where it is one, or is not to become one.
    pub release: Option<Version>,
    /// The images, as `release.toml` names them; one without a repository, if it names none.
    pub images: Vec<ImageTagging>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The tags of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageTagging {
    /// Where it is kept.
    pub repository: Option<Repository>,
    /// What the build is pushed with.
    pub build: Vec<Tagged>,
    /// What it gets on top when it is released.
    pub release: Vec<Tagged>,
}

/// A tag, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tagged {
    /// The tag.
    pub tag: Tag,
    /// What becomes of it.
    pub lasting: Lasting,
    /// Why.
    pub why: String,
}

/// What becomes of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lasting {
    /// It is written once and then means the same for ever.
    Immutable,
    /// It moves here from an older release.
    Moves,
    /// It is not written: it goes on to mean another release.
    Stays,
}

impl Lasting {
    /// One word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Immutable => "immutable",
            Self::Moves => "moves",
            Self::Stays => "stays",
        }
    }
}

impl Tagged {
    /// Whether it is to be written.
    pub fn is_written(&self) -> bool {
        self.lasting != Lasting::Stays
    }

    fn immutable(tag: Tag, why: impl Into<String>) -> Self {
        Self { tag, lasting: Lasting::Immutable, why: why.into() }
    }

    fn channel(channel: Channel, motion: Motion<'_>) -> Self {
        let lasting = if motion == Motion::Moves { Lasting::Moves } else { Lasting::Stays };
        Self { tag: channel.tag(), lasting, why: motion.to_string() }
    }
}

impl Desk {
    /// The tags that the images get that are built of what is checked out.
    pub fn tagging(&self, build: Option<Build>) -> Result<Tagging, ReleaseError> {
        let (tags, commit) = (self.tags()?, self.history.head()?);
        let Built { version, build } = self.built_of(commit, &tags, build)?;
        let (release, notes) = self.becomes(commit, &tags, build.as_ref())?;
        let image = |repository: Option<&Repository>, kinds: &[Kind]| {
            let mut of_build = vec![Tagged::immutable(Tag::of_commit(commit), "names the commit")];
            match &build {
                None => of_build.extend(released(&version, &tags, kinds)),
                Some(build) => of_build.push(Tagged::immutable(version.tag(), names(build))),
            }
            let release = release.iter().flat_map(|next| released(next, &tags, kinds)).collect();
            ImageTagging { repository: repository.cloned(), build: of_build, release }
        };
        let images = match self.config.images.as_slice() {
            [] => vec![image(None, &Kind::ALL)],
            some => some
                .iter()
                .map(|Images { repository, channels }| image(Some(repository), channels))
                .collect(),
        };
        Ok(Tagging { commit, version, release, images, notes })
    }

    /// The release that a build of the trunk can become. That nobody can say which it would be is
    /// no reason not to build.
    fn becomes(
        &self,
        commit: CommitId,
        tags: &Tags,
        build: Option<&Build>,
    ) -> Result<(Option<Version>, Vec<String>), ReleaseError> {
        if build != Some(&Build::Trunk) {
            return Ok((None, Vec::new()));
        }
        match self.prepare(commit, tags, None) {
            Ok(prepared) => Ok((prepared.plan.version, Vec::new())),
            Err(ReleaseError::Version(why)) => {
                Ok((None, vec![format!("there is no next release: {why}")]))
            }
            Err(error) => Err(error),
        }
    }
}

/// The tags of a release: its own, and every channel that its image has.
fn released(version: &Version, tags: &Tags, kinds: &[Kind]) -> Vec<Tagged> {
    let known = || tags.releases.iter().map(|tag| &tag.version);
    let channels = kinds.iter().map(|kind| {
        let channel = kind.of(version);
        Tagged::channel(channel, channel.motion(version, known()))
    });
    let own = Tagged::immutable(version.tag(), "names the release");
    core::iter::once(own).chain(channels).collect()
}

fn names(build: &Build) -> String {
    match build {
        Build::Trunk => "names this build of the trunk".into(),
        Build::Branch(branch) => format!("names this build of the branch `{branch}`"),
        Build::PullRequest(number) => format!("names this build of pull request {number}"),
    }
}
