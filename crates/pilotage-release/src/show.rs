//! Looking back: what a release is, and whether everything still says so.

use pilotage_artifact::{CommitId, Digest, Version};
use pilotage_git::{ReleaseTag, Remote, Seen};
use serde::Serialize;

use crate::desk::Desk;
use crate::files::VersionFile;
use crate::{ReleaseError, trailer};

/// A release, as git knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its version.
    pub version: Version,
    /// Its tag.
    pub tag: String,
    /// Its commit.
    pub commit: CommitId,
    /// The plan that it was made by; nothing, if it was not made here.
    pub plan: Option<Digest>,
    /// What its version files say, by their path.
    pub files: Vec<(String, Version)>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What should be so.
    pub what: String,
    /// What is wrong and what to do; nothing, if it is so.
    pub problem: Option<String>,
}

impl Check {
    pub(crate) fn new(what: impl Into<String>, problem: Option<String>) -> Self {
        Self { what: what.into(), problem }
    }
}

impl Desk {
    /// A release by its version or tag; the one that is checked out contains, without a name.
    pub fn show(&self, name: Option<&str>) -> Result<Shown, ReleaseError> {
        let tag = self.release(name)?;
        let message = self.history.tag_message(&tag.name)?.unwrap_or_default();
        let files = self.version_files(tag.commit)?;
        let version = |file: VersionFile| file.version().map(|version| (file.path, version));
        let files = files.into_iter().map(version).collect::<Result<_, _>>()?;
        let ReleaseTag { name, version, commit } = tag;
        Ok(Shown { version, tag: name, commit, plan: trailer::plan(&message), files })
    }

    /// Checks a release against the remote and against its own files.
    pub fn verify(&self, name: Option<&str>) -> Result<Vec<Check>, ReleaseError> {
        let shown = self.show(name)?;
        let remote = self.git.remote(&self.remote);
        let seen = remote.read(&self.config.branch, &self.config.tag_prefix)?;
        let mut checks = vec![self.same_there(&shown, &seen), self.on_branch(&shown, &seen)?];
        checks.push(made_by_plan(&shown));
        checks.extend(shown.files.iter().map(|(path, version)| says(path, version, &shown)));
        Ok(checks)
    }

    fn release(&self, name: Option<&str>) -> Result<ReleaseTag, ReleaseError> {
        let (tags, head) = (self.tags()?, self.history.head()?);
        let Some(name) = name else {
            let there = tags.releases.iter().find(|tag| tag.commit == head).cloned();
            let contained = || Ok::<_, ReleaseError>(self.history.since(head, &tags)?.release);
            let found = there.map_or_else(contained, |tag| Ok(Some(tag)))?;
            return found.ok_or_else(|| ReleaseError::NoRelease("HEAD".into()));
        };
        let prefixed = format!("{}{name}", self.config.tag_prefix);
        let found = tags.named(name).or_else(|| tags.named(&prefixed));
        found.cloned().ok_or_else(|| ReleaseError::NoRelease(name.into()))
    }

    fn same_there(&self, shown: &Shown, seen: &Seen) -> Check {
        let Shown { tag, commit, .. } = shown;
        let problem = match seen.tags.get(tag) {
            Some(there) if there.commit == *commit => None,
            Some(there) => Some(format!(
                "it is at {} there; nobody should trust it until somebody knows why",
                there.commit.short()
            )),
            None => Some(format!("it is not there; `git push {} {tag}` publishes it", self.remote)),
        };
        Check::new(format!("`{tag}` is at {} at `{}`", commit.short(), self.remote), problem)
    }

    /// A branch of an old line is as good as the trunk, as long as the commit is on some branch.
    fn on_branch(&self, shown: &Shown, seen: &Seen) -> Result<Check, ReleaseError> {
        let branch = &self.config.branch;
        let local = format!("refs/remotes/{}/{branch}", self.remote);
        let tip = self.history.reference(&local)?.or(seen.branch);
        let contained = match tip {
            Some(tip) => self.history.contains(tip, shown.commit)?,
            None => false,
        };
        let help = format!("`{branch}` does not contain it; fetch, or see who moved the branch");
        let what = format!("`{branch}` contains {}", shown.commit.short());
        Ok(Check::new(what, (!contained).then_some(help)))
    }
}

fn made_by_plan(shown: &Shown) -> Check {
    let problem = "the tag names no plan: it was made by hand or by another tool".to_owned();
    Check::new("the tag names its plan", shown.plan.is_none().then_some(problem))
}

fn says(path: &str, version: &Version, shown: &Shown) -> Check {
    let problem = (*version != shown.version).then(|| format!("it says {version}"));
    Check::new(format!("`{path}` says {}", shown.version), problem)
}
