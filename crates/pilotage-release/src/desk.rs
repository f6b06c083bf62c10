//! Where releases of one line are prepared: the repository and the configuration together.

use std::path::{Path, PathBuf};

use pilotage_artifact::next::{Build, PreLabel, Question, next};
use pilotage_artifact::{CommitId, Version};
use pilotage_config::DocumentError;
use pilotage_git::{Git, History, RemoteName, Since, Tags};

use crate::files::{Edit, FileError, VersionFile, lock_of};
use crate::plan::{Parts, Plan};
use crate::{Config, ReleaseError};

/// One line of releases in one repository.
#[derive(Debug)]
pub struct Desk {
    pub(super) root: PathBuf,
    pub(super) config: Config,
    pub(super) history: History,
    pub(super) git: Git,
    pub(super) remote: RemoteName,
    /// The configuration file, as a path in the repository.
    pub(super) settings: String,
    /// What paths of version files begin with.
    prefix: String,
}

/// A plan, and the files that it would write.
#[derive(Debug)]
pub(super) struct Prepared {
    pub plan: Plan,
    pub edits: Vec<Edit>,
}

/// What a build of a commit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its version.
    pub version: Version,
    /// What is built; nothing, if it is a release.
    pub build: Option<Build>,
}

impl Desk {
    /// Opens the repository that `root` is in, with a configuration file below `root`.
    pub fn open(root: &Path, settings: &str) -> Result<Self, ReleaseError> {
        let path = root.join(settings);
        let config = Config::load(&path).map_err(unusable)?;
        let folder = path.parent().unwrap_or(root);
        let history = History::open(folder)?;
        let prefix = history.prefix(folder);
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        Ok(Self {
            root: root.into(),
            remote: config.remote.parse()?,
            settings: format!("{prefix}{name}"),
            git: Git::new(folder),
            config,
            history,
            prefix,
        })
    }

    /// What a release of the checked-out commit would do. Nothing is written, nobody is asked.
    pub fn plan(&self, label: Option<&PreLabel>) -> Result<Plan, ReleaseError> {
        let tags = self.tags()?;
        Ok(self.prepare(self.history.head()?, &tags, label)?.plan)
    }

    /// The version of what is checked out: a release, or a build that names its commit.
    pub fn version(&self, build: Option<Build>) -> Result<Version, ReleaseError> {
        self.built(build).map(|built| built.version)
    }

    /// What a build of the checked-out commit is. A release is one, whoever builds it.
    pub fn built(&self, build: Option<Build>) -> Result<Built, ReleaseError> {
        let (tags, head) = (self.tags()?, self.history.head()?);
        self.built_of(head, &tags, build)
    }

    pub(super) fn built_of(
        &self,
        head: CommitId,
        tags: &Tags,
        build: Option<Build>,
    ) -> Result<Built, ReleaseError> {
        if let Some(tag) = tags.releases.iter().find(|tag| tag.commit == head) {
            return Ok(Built { version: tag.version.clone(), build: None });
        }
        let build = match build {
            Some(build) => build,
            None => self.checked_out()?,
        };
        let Since { release, commits } = self.history.since(head, tags)?;
        let distance = u64::try_from(commits.len()).unwrap_or(u64::MAX);
        let version = build.version(release.as_ref().map(|tag| &tag.version), distance, head)?;
        Ok(Built { version, build: Some(build) })
    }

    fn checked_out(&self) -> Result<Build, ReleaseError> {
        Ok(match self.history.branch()? {
            Some(branch) => Build::of_branch(&branch, &self.config.branch),
            None => Build::Branch("detached".into()),
        })
    }

    /// The branch that releases are made of.
    pub fn trunk(&self) -> &str {
        &self.config.branch
    }

    pub(super) fn tags(&self) -> Result<Tags, ReleaseError> {
        Ok(self.history.tags(&self.config.tag_prefix)?)
    }

    /// Plans the release of a commit.
    pub(super) fn prepare(
        &self,
        commit: CommitId,
        tags: &Tags,
        label: Option<&PreLabel>,
    ) -> Result<Prepared, ReleaseError> {
        let files = self.version_files(commit)?;
        let written = highest(&files)?;
        let Since { release, commits } = self.history.since(commit, tags)?;
        let commits = self.history.touching(commits, &self.config.paths)?;
        let (messages, taken) = (self.history.messages(&commits)?, tags.versions());
        let question = Question {
            current: release.as_ref().map(|tag| &tag.version),
            commits: &messages,
            written: written.as_ref(),
            taken: &taken,
            label,
        };
        let next = next(&question, &self.config.rules())?;
        let edits = match &next.version {
            Some(version) => edits(&files, version)?,
            None => Vec::new(),
        };
        let current = release.as_ref();
        let parts = Parts { config: &self.config, commit, current, tags, next, edits: &edits };
        Ok(Prepared { plan: Plan::new(parts), edits })
    }

    /// The version files as they are committed.
    pub(super) fn version_files(&self, commit: CommitId) -> Result<Vec<VersionFile>, ReleaseError> {
        let read = |file: &String| -> Result<VersionFile, ReleaseError> {
            let path = format!("{}{file}", self.prefix);
            let missing = || FileError::Missing { path: path.clone() };
            let text = self.text(commit, &path)?.ok_or_else(missing)?;
            let lock = match lock_of(&path) {
                Some(lock) => self.text(commit, &lock)?.map(|text| (lock, text)),
                None => None,
            };
            Ok(VersionFile { path, text, lock })
        };
        self.config.files.iter().map(read).collect()
    }

    fn text(&self, commit: CommitId, path: &str) -> Result<Option<String>, ReleaseError> {
        let Some(bytes) = self.history.file(commit, path)? else { return Ok(None) };
        let not_text = |_| FileError::NotText { path: path.into() };
        Ok(Some(String::from_utf8(bytes).map_err(not_text)?))
    }
}

/// The highest version that the files hold: somebody who raises one of them means it.
fn highest(files: &[VersionFile]) -> Result<Option<Version>, FileError> {
    let versions = files.iter().map(VersionFile::version).collect::<Result<Vec<_>, _>>()?;
    Ok(versions.into_iter().max_by(Version::precedence))
}

/// Every file once, although several manifests may share a lock file.
fn edits(files: &[VersionFile], version: &Version) -> Result<Vec<Edit>, FileError> {
    let mut edits: Vec<Edit> = Vec::new();
    for file in files {
        for edit in file.edits(version)? {
            if edits.iter().all(|known| known.path != edit.path) {
                edits.push(edit);
            }
        }
    }
    Ok(edits)
}

/// Where there is no configuration at all, the next step is said.
fn unusable(error: DocumentError) -> ReleaseError {
    match error {
        DocumentError::Missing { path } => ReleaseError::NoConfig(path),
        other => other.into(),
    }
}
