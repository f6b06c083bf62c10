//! Writing release commits and tags, as objects first and as references last.
//!
//! A commit is made of its parent's tree and of the files that change. Neither the index nor the
//! working tree takes part, so that what lies around there cannot slip into a release.

use std::path::Path;

use git2::build::{CheckoutBuilder, TreeUpdateBuilder};
use git2::{ErrorClass, ErrorCode, FileMode, ObjectType, Oid, Repository, Signature, Status, Time};
use pilotage_artifact::CommitId;

use crate::GitError;

/// A repository that is written.
pub struct Writer {
    repo: Repository,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Writer").field(&self.repo.path()).finish()
    }
}

/// In whose name a release is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A commit that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What it follows.
    pub parent: CommitId,
    /// The files that change: path and whole content.
    pub files: &'a [(String, Vec<u8>)],
    /// The message.
    pub message: &'a str,
    /// In whose name.
    pub by: &'a Identity,
}

impl Writer {
    /// Opens the repository that a folder is in.
    pub fn open(folder: &Path) -> Result<Self, GitError> {
        let repo = Repository::discover(folder).map_err(|error| refused(folder, error))?;
        Ok(Self { repo })
    }

    /// Who git would commit as.
    pub fn identity(&self) -> Result<Identity, GitError> {
        let signature = self.repo.signature().map_err(|_| GitError::Nobody)?;
        let (name, email) = (signature.name_bytes(), signature.email_bytes());
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ok(Identity { name: text(name), email: text(email) })
    }

    /// Makes a commit that no reference names.
    ///
    /// It is a function of the draft alone, its time being that of its parent: whoever makes it
    /// again, after a crash or on another machine, makes the same.
    pub fn commit(&self, draft: &Draft<'_>) -> Result<CommitId, GitError> {
        let failed = GitError::write;
        let parent = self.repo.find_commit(oid(draft.parent)).map_err(failed("read the parent"))?;
        let base = parent.tree().map_err(failed("read the files of the parent"))?;
        let mut update = TreeUpdateBuilder::new();
        for (path, content) in draft.files {
            let blob = self.repo.blob(content).map_err(failed("write a file"))?;
            update.upsert(path.as_str(), blob, mode(&base, path));
        }
        let tree = update.create_updated(&self.repo, &base).map_err(failed("write a tree"))?;
        let tree = self.repo.find_tree(tree).map_err(failed("read a tree"))?;
        let by = signature(draft.by, parent.time())?;
        let commit = self.repo.commit(None, &by, &by, draft.message, &tree, &[&parent]);
        Ok(commit_id(commit.map_err(failed("write the commit"))?))
    }

    /// Makes an annotated tag that no reference names.
    pub fn tag(
        &self,
        name: &str,
        commit: CommitId,
        message: &str,
        by: &Identity,
    ) -> Result<CommitId, GitError> {
        let failed = || GitError::write("write the tag");
        let commit = self.repo.find_object(oid(commit), Some(ObjectType::Commit));
        let now = Signature::now(&by.name, &by.email).map_err(failed())?;
        let tag = self.repo.tag_annotation_create(name, &commit.map_err(failed())?, &now, message);
        Ok(commit_id(tag.map_err(failed())?))
    }

    /// Refuses if one of the files differs from what is committed.
    pub fn clean(&self, paths: &[&str]) -> Result<(), GitError> {
        for path in paths {
            let status = match self.repo.status_file(Path::new(path)) {
                Ok(status) => status,
                Err(error) if error.code() == ErrorCode::NotFound => continue,
                Err(error) => return Err(GitError::write("compare a file")(error)),
            };
            if !matches!(status, Status::CURRENT | Status::IGNORED) {
                return Err(GitError::Changed { path: (*path).into() });
            }
        }
        Ok(())
    }

    /// Names a published release here as well: the tag, the branch where it still stands at
    /// `from`, and the files in the working tree if that branch is checked out.
    ///
    /// Says whether the branch was moved.
    pub fn adopt(
        &self,
        branch: &str,
        from: CommitId,
        to: CommitId,
        tag: (&str, CommitId),
    ) -> Result<bool, GitError> {
        let failed = GitError::write;
        let name = format!("refs/tags/{}", tag.0);
        let told = "release: published";
        // One that is there already was fetched, and is not ours to move.
        match self.repo.reference(&name, oid(tag.1), false, told) {
            Err(error) if error.code() != ErrorCode::Exists => {
                return Err(failed("name the tag")(error));
            }
            _ => {}
        }
        let name = format!("refs/heads/{branch}");
        let stands = self.repo.refname_to_id(&name).ok() == Some(oid(from));
        let checked_out = self.repo.head().is_ok_and(|head| head.name() == Ok(name.as_str()));
        if !stands || from == to {
            return Ok(stands);
        }
        if checked_out {
            self.check_out(to)?;
        }
        self.repo
            .reference_matching(&name, oid(to), true, oid(from), told)
            .map_err(failed("move the branch"))?;
        Ok(true)
    }

    fn check_out(&self, to: CommitId) -> Result<(), GitError> {
        let failed = || GitError::write("check out the release");
        let target = self.repo.find_object(oid(to), None).map_err(failed())?;
        // Safe: a file that somebody is working on is never overwritten, and then nothing is.
        let mut safe = CheckoutBuilder::new();
        self.repo.checkout_tree(&target, Some(safe.safe())).map_err(failed())
    }
}

/// The mode that the file has; a new one is a plain file.
fn mode(tree: &git2::Tree<'_>, path: &str) -> FileMode {
    match tree.get_path(Path::new(path)).map(|entry| entry.filemode()) {
        Ok(mode) if mode == i32::from(FileMode::BlobExecutable) => FileMode::BlobExecutable,
        _ => FileMode::Blob,
    }
}

fn signature(by: &Identity, time: Time) -> Result<Signature<'static>, GitError> {
    Signature::new(&by.name, &by.email, &time).map_err(|_| GitError::Nobody)
}

fn refused(folder: &Path, error: git2::Error) -> GitError {
    if error.code() == ErrorCode::Owner {
        return GitError::Foreign { path: folder.display().to_string() };
    }
    if error.class() == ErrorClass::Repository && error.message().contains("unsupported extension")
    {
        return GitError::Unsupported { what: "an extension that is not known" };
    }
    GitError::Open { path: folder.into(), source: Box::new(error) }
}

fn oid(id: CommitId) -> Oid {
    Oid::from_bytes(id.bytes()).unwrap_or(Oid::ZERO_SHA1)
}

fn commit_id(oid: Oid) -> CommitId {
    let mut bytes = [0; 20];
    for (byte, given) in bytes.iter_mut().zip(oid.as_bytes()) {
        *byte = *given;
    }
    CommitId::new(bytes)
}
