//! Reading a repository.

use std::path::{Path, PathBuf};

use gix::bstr::ByteSlice as _;
use gix::discover::upwards;
use gix::{ObjectId, ThreadSafeRepository};
use pilotage_artifact::CommitId;
use pilotage_artifact::next::Commit;

use crate::graph::Commits;
use crate::walk;
use crate::{GitError, ReleaseTag, Tags};

/// A repository that is only read.
///
/// Works in worktrees, on a detached head, in treeless clones and in checkouts that belong to
/// another user: nothing that the repository configures is ever executed.
pub struct History {
    pub(crate) repo: gix::Repository,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("History").field(&self.repo.git_dir()).finish()
    }
}

/// Where a commit stands after the last release that it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The release; nothing, if it contains none.
    pub release: Option<ReleaseTag>,
    /// The commits that the release does not contain, the newest first.
    pub commits: Vec<CommitId>,
}

impl History {
    /// Opens the repository that a folder is in.
    pub fn open(folder: &Path) -> Result<Self, GitError> {
        let options = gix::open::Options::isolated();
        let trust = gix::sec::trust::Mapping { full: options.clone(), reduced: options };
        let repo = ThreadSafeRepository::discover_opts(folder, upwards::Options::default(), trust)
            .map_err(|error| refused(folder, error))?
            .to_thread_local();
        let storage = repo.config_snapshot().string("extensions.refStorage");
        match storage.as_deref().and_then(|name| name.to_str().ok()) {
            None | Some("files") => Ok(Self { repo }),
            Some(_) => {
                Err(GitError::Unsupported { what: "another store than files for references" })
            }
        }
    }

    /// The commit that is checked out, on a branch or not.
    pub fn head(&self) -> Result<CommitId, GitError> {
        let head = self.repo.head().map_err(GitError::read("HEAD"))?;
        if head.is_unborn() {
            return Err(GitError::Unborn);
        }
        let commit = head.into_peeled_id().map_err(GitError::read("HEAD"))?;
        Ok(commit_id(commit.detach()))
    }

    /// The branch that is checked out; nothing on a detached head, as in most CI jobs.
    pub fn branch(&self) -> Result<Option<String>, GitError> {
        let name = self.repo.head_name().map_err(GitError::read("HEAD"))?;
        Ok(name.map(|name| name.shorten().to_str_lossy().into_owned()))
    }

    /// The commit that a full reference, such as `refs/heads/main`, leads to.
    pub fn reference(&self, name: &str) -> Result<Option<CommitId>, GitError> {
        let failed = || GitError::read(format!("`{name}`"));
        let Some(mut found) = self.repo.try_find_reference(name).map_err(failed())? else {
            return Ok(None);
        };
        let commit = found.peel_to_id().map_err(failed())?;
        Ok(Some(commit_id(commit.detach())))
    }

    /// The newest release that `head` contains, pre-releases left out, and what came after it.
    ///
    /// Newest by version, not by date: a backport that was merged does not hide what it came from.
    pub fn since(&self, head: CommitId, tags: &Tags) -> Result<Since, GitError> {
        let mut commits = Commits::new(&self.repo)?;
        let head = commits.number(object_id(head));
        let full = tags.releases.iter().filter(|tag| !tag.version.is_prerelease());
        let full: Vec<&ReleaseTag> = full.collect();
        let wanted: Vec<u32> =
            full.iter().map(|tag| commits.number(object_id(tag.commit))).collect();
        let first = walk::first_reached(&mut commits, head, &wanted)?;
        let base = first.and_then(|at| wanted.get(at).copied());
        let release = first.and_then(|at| full.get(at)).map(|tag| (*tag).clone());
        Ok(Since { release, commits: walk::between(&mut commits, head, base)? })
    }

    /// Whether `newer` contains `older`; each contains itself.
    pub fn contains(&self, newer: CommitId, older: CommitId) -> Result<bool, GitError> {
        let mut commits = Commits::new(&self.repo)?;
        let (newer, older) = (object_id(newer), object_id(older));
        let (newer, older) = (commits.number(newer), commits.number(older));
        Ok(walk::first_reached(&mut commits, newer, &[older])?.is_some())
    }

    /// The commits with their messages, in the same order.
    pub fn messages(&self, commits: &[CommitId]) -> Result<Vec<Commit>, GitError> {
        let read = |&id: &CommitId| {
            let failed = || GitError::read(format!("commit {id}"));
            let commit = self.repo.find_commit(object_id(id)).map_err(failed())?;
            let message = commit.message_raw().map_err(failed())?.to_str_lossy().into_owned();
            Ok(Commit { id, parents: commit.parent_ids().count(), message })
        };
        commits.iter().map(read).collect()
    }

    /// The first parent of a commit; nothing, if it is a root.
    pub fn parent(&self, commit: CommitId) -> Result<Option<CommitId>, GitError> {
        let failed = || GitError::read(format!("commit {}", commit.short()));
        let commit = self.repo.find_commit(object_id(commit)).map_err(failed())?;
        Ok(commit.parent_ids().next().map(|id| commit_id(id.detach())))
    }

    /// What an annotated tag says; nothing, if it is lightweight or there is none.
    pub fn tag_message(&self, name: &str) -> Result<Option<String>, GitError> {
        let failed = || GitError::read(format!("tag `{name}`"));
        let full = format!("refs/tags/{name}");
        let Some(reference) = self.repo.try_find_reference(&full).map_err(failed())? else {
            return Ok(None);
        };
        let Some(id) = reference.target().try_id().map(ToOwned::to_owned) else { return Ok(None) };
        let object = self.repo.find_object(id).map_err(failed())?;
        if object.kind != gix::objs::Kind::Tag {
            return Ok(None);
        }
        let tag = object.into_tag();
        let tag = tag.decode().map_err(failed())?;
        Ok(Some(tag.message.to_str_lossy().into_owned()))
    }

    /// Where a folder is in the repository: nothing for its root, else `a/b/`.
    pub fn prefix(&self, folder: &Path) -> String {
        let work = self.repo.workdir().and_then(|path| path.canonicalize().ok());
        let inside = folder.canonicalize().ok().zip(work);
        let inside = inside.and_then(|(folder, work)| Some(folder.strip_prefix(work).ok()?.into()));
        let inside: PathBuf = inside.unwrap_or_default();
        let parts: Vec<String> =
            inside.iter().map(|part| format!("{}/", part.to_string_lossy())).collect();
        parts.concat()
    }

    /// What a file held at a commit; nothing, if there was none.
    pub fn file(&self, commit: CommitId, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let failed = || GitError::read(format!("`{path}` at {}", commit.short()));
        let commit = self.repo.find_commit(object_id(commit)).map_err(failed())?;
        let tree = commit.tree().map_err(failed())?;
        let Some(entry) = tree.lookup_entry_by_path(path).map_err(failed())? else {
            return Ok(None);
        };
        let object = entry.object().map_err(failed())?;
        Ok(Some(object.detach().data))
    }
}

fn refused(folder: &Path, error: gix::Error) -> GitError {
    if error.is_unsupported() {
        return GitError::Unsupported { what: "another form of object names than SHA-1" };
    }
    GitError::Open { path: folder.into(), source: Box::new(error) }
}

/// Only SHA-1 repositories are opened, so that an id always has twenty bytes.
pub(crate) fn commit_id(id: ObjectId) -> CommitId {
    let mut bytes = [0; 20];
    for (byte, given) in bytes.iter_mut().zip(id.as_slice()) {
        *byte = *given;
    }
    CommitId::new(bytes)
}

pub(crate) fn object_id(id: CommitId) -> ObjectId {
    ObjectId::from(*id.bytes())
}
