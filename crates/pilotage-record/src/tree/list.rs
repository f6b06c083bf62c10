//! What is in a directory, in the one order in which it is packed.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use super::{MOST_ENTRIES, TreeError};

/// One thing in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its path within the directory, with `/` between its parts.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Directory,
    File { size: u64, executable: bool },
    Link { target: String },
}

/// Everything in a directory, by the bytes of its name.
pub(super) fn list(root: &Path) -> Result<Vec<Item>, TreeError> {
    let mut items = Vec::new();
    let mut open = vec![(root.to_path_buf(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        for path in children(&directory)? {
            let item = item(root, path, &prefix)?;
            if item.kind == Kind::Directory {
                open.push((item.path.clone(), format!("{}/", item.name)));
            }
            items.push(item);
            if items.len() > MOST_ENTRIES {
                return Err(TreeError::TooMany { path: root.into(), limit: MOST_ENTRIES });
            }
        }
    }
    items.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
    Ok(items)
}

fn children(directory: &Path) -> Result<Vec<PathBuf>, TreeError> {
    let failed = |source| TreeError::File { path: directory.into(), verb: "listed", source };
    let entries = std::fs::read_dir(directory).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

fn item(root: &Path, path: PathBuf, prefix: &str) -> Result<Item, TreeError> {
    let failed = |source| TreeError::File { path: path.clone(), verb: "read", source };
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.map(|name| format!("{prefix}{name}")) else {
        return Err(TreeError::Name { path });
    };
    let metadata = std::fs::symlink_metadata(&path).map_err(failed)?;
    let kind = kind(root, &path, &name, &metadata)?;
    Ok(Item { name, path, kind })
}

fn kind(root: &Path, path: &Path, name: &str, metadata: &Metadata) -> Result<Kind, TreeError> {
    match metadata.file_type() {
        kind if kind.is_dir() => Ok(Kind::Directory),
        kind if kind.is_file() => Ok(Kind::File {
            size: metadata.len(),
            executable: metadata.permissions().mode() & 0o100 != 0,
        }),
        kind if kind.is_symlink() => link(root, path, name),
        _ => Err(TreeError::Kind { path: path.into() }),
    }
}

fn link(root: &Path, path: &Path, name: &str) -> Result<Kind, TreeError> {
    let failed = |source| TreeError::File { path: path.into(), verb: "read", source };
    let target = std::fs::read_link(path).map_err(failed)?;
    if !stays(name, &target) || !root.join(name).exists() {
        return Err(TreeError::LeadsOut { path: path.into(), target });
    }
    match target.to_str() {
        Some(target) => Ok(Kind::Link { target: target.to_owned() }),
        None => Err(TreeError::Name { path: path.into() }),
    }
}

/// Whether a link of this name leads to somewhere in the directory, step by step.
pub(super) fn stays(name: &str, target: &Path) -> bool {
    let mut depth = name.split('/').count() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}
