//! Where texts come from: files, and the lines that commits have added.

use std::path::{Path, PathBuf};

use pilotage_artifact::CommitId;
use pilotage_git::History;

use crate::error::ScanError;
use crate::source::Source;

/// Folders that are never looked at: git's own, and what tools have fetched or built.
const LEFT_OUT: &[&str] = &[".git", ".terraform", ".venv", "node_modules", "target"];

/// Hands over every file under these paths, in the order of their names. Links are not followed.
pub fn files(paths: &[PathBuf], mut take: impl FnMut(Source)) -> Result<(), ScanError> {
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        let failed = |source| ScanError::Read { path: path.clone(), source };
        let kind = path.symlink_metadata().map_err(failed)?.file_type();
        if kind.is_dir() {
            waiting.extend(children(&path)?);
        } else if kind.is_file() {
            let bytes = read(&path).map_err(failed)?;
            take(Source::file(path.display().to_string(), bytes));
        }
    }
    Ok(())
}

/// Hands over what the commits have added that `head` contains and `base` does not.
pub fn history(
    history: &History,
    base: Option<CommitId>,
    head: CommitId,
    mut take: impl FnMut(Source),
) -> Result<(), ScanError> {
    history.added(base, head, |added| {
        let (path, bytes) = (added.path, added.bytes);
        take(Source { path, commit: Some(added.commit), bytes, lines: Some(added.lines) });
    })?;
    Ok(())
}

/// What is in a folder, the last name first.
fn children(folder: &Path) -> Result<Vec<PathBuf>, ScanError> {
    let failed = |source| ScanError::Read { path: folder.to_owned(), source };
    let entries = folder.read_dir().map_err(failed)?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if !LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable_by(|a, b| b.cmp(a));
    Ok(paths)
}

#[expect(clippy::disallowed_methods, reason = "the files are what is looked at")]
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}
