//! Which files there are, in the order in which they run.

use std::fs;
use std::path::{Path, PathBuf};

use super::name::Order;
use super::{FileName, SetError};

/// How many files there may be; more than that is not a folder of migrations.
pub const MOST_FILES: usize = 20_000;

/// How deep folders may lie in each other.
const DEEPEST: usize = 8;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// What its name says.
    pub name: FileName,
}

/// The files that these paths name, folders with all that is in them, in the order in which they
/// run. Files that take others back are left out: they are no part of a release.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Entry>, SetError> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        if path.is_dir() {
            walk(path, DEEPEST, &mut found)?;
            if found.len() == before {
                return Err(SetError::None { path: path.clone() });
            }
        } else {
            found.push(path.clone());
        }
    }
    let entry = |path: PathBuf| Entry { name: FileName::of(&path), path };
    let mut entries: Vec<Entry> = found.into_iter().map(entry).collect();
    entries.retain(|entry| !entry.name.reverts);
    entries.sort_by(|a, b| (&a.name.order, &a.path).cmp(&(&b.name.order, &b.path)));
    entries.dedup();
    Ok(entries)
}

/// The files after the one of this name, which is the last that is applied.
pub fn unapplied<'a>(entries: &'a [Entry], last_applied: &str) -> Result<&'a [Entry], SetError> {
    let is_it = |entry: &Entry| entry.path.ends_with(last_applied);
    let at = entries.iter().position(is_it);
    let at = at.ok_or_else(|| SetError::NoSuchFile { name: last_applied.to_owned() })?;
    Ok(entries.get(at + 1..).unwrap_or_default())
}

/// Whether a file has the version of the one before it.
pub(crate) fn is_repeated(first: &Entry, second: &Entry) -> bool {
    matches!(first.name.order, Order::Version(_)) && first.name.order == second.name.order
}

fn walk(folder: &Path, deepest: usize, found: &mut Vec<PathBuf>) -> Result<(), SetError> {
    let unreadable = |source| SetError::Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if kind.is_dir() && deepest > 0 {
            walk(&path, deepest - 1, found)?;
        } else if !kind.is_dir() && path.extension().is_some_and(|end| end == "sql") {
            found.push(path);
        }
        if found.len() > MOST_FILES {
            return Err(SetError::TooMany { path: folder.to_owned(), most: MOST_FILES });
        }
    }
    Ok(())
}
