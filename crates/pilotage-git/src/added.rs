//! What commits have added, line by line.
//!
//! A line counts as added where no parent's version of the file has it: one that was moved within
//! its file, or came in through a merge, was added by somebody else before.

use std::collections::HashSet;

use gix::bstr::ByteSlice as _;
use gix::diff::tree::recorder::Change;
use gix::diff::tree::{Recorder, State};
use gix::objs::TreeRefIter;
use gix::{ObjectId, Tree};
use pilotage_artifact::CommitId;

use crate::graph::Commits;
use crate::history::object_id;
use crate::{GitError, History, walk};

/// A file that a commit has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The commit.
    pub commit: CommitId,
    /// The path of the file.
    pub path: String,
    /// What the file holds at that commit.
    pub bytes: Vec<u8>,
    /// The lines of it that the commit has added, from one.
    pub lines: Vec<usize>,
}

impl History {
    /// Visits every file to which a commit has added lines, for the commits that `head` contains and
    /// `base` does not, the newest first; without a base, for all.
    pub fn added(
        &self,
        base: Option<CommitId>,
        head: CommitId,
        mut visit: impl FnMut(Added),
    ) -> Result<(), GitError> {
        for commit in self.between(base, head)? {
            self.added_by(commit, &mut visit)?;
        }
        Ok(())
    }

    fn between(&self, base: Option<CommitId>, head: CommitId) -> Result<Vec<CommitId>, GitError> {
        let mut commits = Commits::new(&self.repo)?;
        let head = commits.number(object_id(head));
        let base = base.map(|base| commits.number(object_id(base)));
        walk::between(&mut commits, head, base)
    }

    fn added_by(&self, id: CommitId, visit: &mut impl FnMut(Added)) -> Result<(), GitError> {
        let failed = || GitError::read(format!("what commit {} has added", id.short()));
        let commit = self.repo.find_commit(object_id(id)).map_err(failed())?;
        let new = commit.tree().map_err(failed())?;
        let mut parents = Vec::new();
        for parent in commit.parent_ids() {
            let parent = self.repo.find_commit(parent.detach()).map_err(failed())?;
            parents.push(parent.tree().map_err(failed())?);
        }
        let empty = self.repo.empty_tree();
        for (path, blob) in self.changes(id, parents.first().unwrap_or(&empty), &new)? {
            let bytes = self.repo.find_object(blob).map_err(failed())?.detach().data;
            let mut before = Vec::new();
            for parent in &parents {
                if let Some(entry) = parent.lookup_entry_by_path(&path).map_err(failed())? {
                    before.push(entry.object().map_err(failed())?.detach().data);
                }
            }
            let lines = lines(&bytes, &before);
            if !lines.is_empty() {
                visit(Added { commit: id, path, bytes, lines });
            }
        }
        Ok(())
    }

    /// The files of the new tree that the old one does not have like that.
    fn changes(
        &self,
        commit: CommitId,
        old: &Tree<'_>,
        new: &Tree<'_>,
    ) -> Result<Vec<(String, ObjectId)>, GitError> {
        let (mut state, mut found) = (State::default(), Recorder::default());
        gix::diff::tree(entries(old), entries(new), &mut state, &self.repo.objects, &mut found)
            .map_err(|error| GitError::Read {
                what: format!("what commit {} has changed", commit.short()),
                source: Box::new(error),
            })?;
        Ok(found.records.into_iter().filter_map(changed).collect())
    }
}

fn entries<'t>(tree: &'t Tree<'_>) -> TreeRefIter<'t> {
    TreeRefIter::from_bytes(&tree.data, tree.id.kind())
}

/// The file that is there after a change; links and submodules hold no text.
fn changed(change: Change) -> Option<(String, ObjectId)> {
    let (mode, id, path) = match change {
        Change::Addition { entry_mode, oid, path, .. }
        | Change::Modification { entry_mode, oid, path, .. } => (entry_mode, oid, path),
        Change::Deletion { .. } => return None,
    };
    mode.is_blob().then(|| (path.to_str_lossy().into_owned(), id))
}

fn lines(now: &[u8], before: &[Vec<u8>]) -> Vec<usize> {
    let known: HashSet<&[u8]> = before.iter().flat_map(|text| text.lines()).collect();
    let lines = now.lines().enumerate().filter(|(_, line)| !known.contains(line));
    lines.map(|(index, _)| index + 1).collect()
}
