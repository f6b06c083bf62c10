//! Everything that a release would do, as data with a hash.

use pilotage_artifact::next::{Because, Change, Next};
use pilotage_artifact::{Channel, CommitId, Digest, ImageRef, Repository, Tag, Version};
use pilotage_git::{ReleaseTag, Tags};
use serde::Serialize;

use crate::config::{Config, Images};
use crate::files::Edit;

/// A release that could be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The commit that is released.
    pub commit: CommitId,
    /// The branch that it is the tip of.
    pub branch: String,
    /// The release that it contains; nothing before the first.
    pub current: Option<Current>,
    /// The version; nothing, if there is nothing to release.
    pub version: Option<Version>,
    /// What decided the version.
    pub because: Because,
    /// What each commit since the current release means, newest first.
    pub changes: Vec<Change>,
    /// The files that change.
    pub files: Vec<FileChange>,
    /// The git tag.
    pub tag: Option<String>,
    /// The tags that the images get, once they are pushed.
    pub images: Vec<ImageTags>,
    /// What a person should know, and what does not stop the release.
    pub notes: Vec<String>,
    /// Every tag of the line with its commit: a tag that moves makes another plan.
    known: Digest,
    /// The configuration.
    config: Digest,
}

/// The release that a commit contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Current {
    /// Its version.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// Its commit.
    pub commit: CommitId,
}

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// The path in the repository.
    pub path: String,
    /// The version that it holds.
    pub from: Version,
    /// What it will hold, all of it.
    pub digest: Digest,
}

/// The tags of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageTags {
    /// The build that is released, by the tag of its commit.
    pub from: ImageRef<Tag>,
    /// The tags that it gets, the immutable one first.
    pub tags: Vec<Tag>,
}

/// What a plan is made of.
pub(super) struct Parts<'a> {
    pub config: &'a Config,
    pub commit: CommitId,
    pub current: Option<&'a ReleaseTag>,
    pub tags: &'a Tags,
    pub next: Next,
    pub edits: &'a [Edit],
}

impl Plan {
    pub(super) fn new(parts: Parts<'_>) -> Self {
        let Parts { config, commit, current, tags, next, edits } = parts;
        let Next { version, because, changes } = next;
        let current = current.map(|tag| Current {
            version: tag.version.clone(),
            tag: tag.name.clone(),
            commit: tag.commit,
        });
        let image = |images: &Images| version.as_ref().map(|v| images.tags(commit, v, tags));
        Self {
            commit,
            branch: config.branch.clone(),
            current,
            tag: version.as_ref().map(|version| config.tag_prefix.tag(version)),
            images: config.images.iter().filter_map(image).collect(),
            because,
            changes,
            files: edits.iter().map(FileChange::from).collect(),
            notes: notes(tags),
            known: known(tags),
            config: digest(config),
            version,
        }
    }

    /// The name of exactly this plan.
    pub fn hash(&self) -> Digest {
        digest(self)
    }

    /// Whether this is the plan that somebody means: by its hash, whole or the first twelve digits.
    pub fn is_named(&self, given: &str) -> bool {
        names(self.hash(), given)
    }
}

/// The digest of what somebody reads with `--json`.
fn digest(value: &(impl Serialize + std::fmt::Debug)) -> Digest {
    // Names and numbers always have that form; if not, two values still must not look the same.
    let text = serde_json::to_vec(value).unwrap_or_else(|_| format!("{value:?}").into_bytes());
    Digest::of(&text)
}

/// Whether somebody means this hash: all of it, or at least its first twelve digits.
pub(super) fn names(hash: Digest, given: &str) -> bool {
    let (hash, given) = (hash.to_string(), given.trim_start_matches("sha256:"));
    given.len() >= 12 && hash.trim_start_matches("sha256:").starts_with(given)
}

impl From<&Edit> for FileChange {
    fn from(edit: &Edit) -> Self {
        let digest = Digest::of(edit.content.as_bytes());
        Self { path: edit.path.clone(), from: edit.from.clone(), digest }
    }
}

impl Images {
    /// The tags of the build of this commit, once it is this version.
    pub(super) fn tags(&self, commit: CommitId, version: &Version, tags: &Tags) -> ImageTags {
        let released = || tags.releases.iter().map(|tag| &tag.version);
        let wanted = self.channels.iter().map(|kind| kind.of(version));
        let moving = wanted.filter(|channel| channel.moves_to(version, released()));
        let repository: &Repository = &self.repository;
        ImageTags {
            from: repository.tagged(Tag::of_commit(commit)),
            tags: std::iter::once(version.tag()).chain(moving.map(Channel::tag)).collect(),
        }
    }
}

fn notes(tags: &Tags) -> Vec<String> {
    let note = |name: &String| format!("tag `{name}` looks like a release and is no version");
    tags.unreadable.iter().map(note).collect()
}

fn known(tags: &Tags) -> Digest {
    let line = |tag: &ReleaseTag| format!("{} {}\n", tag.commit, tag.name);
    let lines: Vec<String> = tags.releases.iter().map(line).collect();
    Digest::of(lines.concat().as_bytes())
}
