//! The release tags of a line.

use gix::bstr::ByteSlice as _;
use pilotage_artifact::{CommitId, TagPrefix, Version};

use crate::GitError;
use crate::history::{History, commit_id};

/// A git tag that names a release, annotated or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseTag {
    /// The name of the tag.
    pub name: String,
    /// The version that it names.
    pub version: Version,
    /// The commit that it leads to, through however many tag objects.
    pub commit: CommitId,
}

/// All tags of a line, reachable or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// Those that name a release, the newest version first.
    pub releases: Vec<ReleaseTag>,
    /// Those that look like a release and are none, such as `v1.2.3.4`.
    pub unreadable: Vec<String>,
}

impl Tags {
    /// The release of this name.
    pub fn named(&self, name: &str) -> Option<&ReleaseTag> {
        self.releases.iter().find(|tag| tag.name == name)
    }

    /// The versions, the newest first.
    pub fn versions(&self) -> Vec<Version> {
        self.releases.iter().map(|tag| tag.version.clone()).collect()
    }
}

impl History {
    /// The tags of a line; those of other lines are not even read.
    pub fn tags(&self, prefix: &TagPrefix) -> Result<Tags, GitError> {
        let failed = || GitError::read(format!("the tags `{prefix}*`"));
        let start = format!("refs/tags/{prefix}");
        let platform = self.repo.references().map_err(failed())?;
        let references = platform.prefixed(start.as_str()).map_err(failed())?;
        let mut tags = Tags::default();
        for reference in references.peeled().map_err(failed())? {
            let reference = reference.map_err(failed())?;
            let Ok(name) = reference.name().as_bstr().to_str() else { continue };
            let Some(name) = name.strip_prefix("refs/tags/") else { continue };
            let commit = commit_id(reference.id().detach());
            match prefix.version(name) {
                Some(version) => {
                    tags.releases.push(ReleaseTag { name: name.into(), version, commit });
                }
                None if looks_like_a_release(name, prefix) => tags.unreadable.push(name.into()),
                None => {}
            }
        }
        // Ties are only between versions that differ in build metadata; names decide, not luck.
        tags.releases
            .sort_by(|a, b| b.version.precedence(&a.version).then_with(|| b.name.cmp(&a.name)));
        Ok(tags)
    }
}

/// Three numbers or more after the prefix; `v1` and `v1.2` are moving tags of some ecosystems.
fn looks_like_a_release(name: &str, prefix: &TagPrefix) -> bool {
    let rest = name.strip_prefix(prefix.as_str()).unwrap_or_default();
    let numbers = rest.split(['.', '-', '+']).take_while(|part| part.parse::<u64>().is_ok());
    numbers.count() >= 3
}
