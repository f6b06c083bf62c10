//! From an archive back to a directory, only if it is the very one that was packed.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use pilotage_artifact::Digest;
use tar::{Archive, Entry, EntryType};

use super::TreeError;
use super::list::stays;

/// Unpacks an archive of this digest into a directory that does not exist yet.
///
/// Nothing is written before the digest is checked, and nothing outside of the directory ever:
/// whatever `pack` would not have written is refused.
pub fn unpack(archive: &[u8], wanted: &Digest, directory: &Path) -> Result<(), TreeError> {
    let found = Digest::of(archive);
    if found != *wanted {
        return Err(TreeError::Another { wanted: *wanted, found });
    }
    let failed = |source| TreeError::File { path: directory.into(), verb: "written", source };
    std::fs::create_dir(directory).map_err(failed)?;
    // Links come last: no file is ever written through one.
    let mut links = Vec::new();
    for entry in Archive::new(archive).entries().map_err(failed)? {
        links.extend(write(entry.map_err(failed)?, directory)?);
    }
    links.into_iter().try_for_each(|(path, target)| {
        let failed = |source| TreeError::File { path: path.clone(), verb: "written", source };
        std::os::unix::fs::symlink(target, &path).map_err(failed)
    })
}

fn write(
    mut entry: Entry<'_, impl Read>,
    directory: &Path,
) -> Result<Option<(PathBuf, PathBuf)>, TreeError> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let relative = Path::new(&name);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || !plain {
        return Err(TreeError::Foreign { entry: format!("the path `{name}`") });
    }
    let path = directory.join(relative);
    let failed = |source| TreeError::File { path: path.clone(), verb: "written", source };
    match entry.header().entry_type() {
        EntryType::Directory => std::fs::create_dir(&path).map_err(failed).map(|()| None),
        EntryType::Regular => copy(&mut entry, &path).map_err(failed).map(|()| None),
        EntryType::Symlink => {
            let target = entry.link_name().ok().flatten().map(|target| target.into_owned());
            match target.filter(|target| stays(&name, target)) {
                Some(target) => Ok(Some((path, target))),
                None => Err(TreeError::Foreign { entry: format!("the link `{name}`, which leads out") }),
            }
        }
        kind => Err(TreeError::Foreign { entry: format!("`{name}` of kind {kind:?}") }),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the writing side of the packer")]
fn copy(entry: &mut Entry<'_, impl Read>, path: &Path) -> io::Result<()> {
    let mode = if entry.header().mode()? & 0o100 == 0 { 0o644 } else { 0o755 };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    io::copy(entry, &mut file)?;
    file.sync_all()
}
