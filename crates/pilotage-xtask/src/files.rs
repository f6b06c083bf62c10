//! The one place of the task runner that touches files.
//!
//! Every function names the path in its error. A write is atomic: a task that is killed leaves
//! the old file or the new one.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// The text of a file.
#[expect(clippy::disallowed_methods, reason = "the file adapter of the task runner")]
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(failed("read", path))
}

/// The text of a file, or nothing where there is no such file.
pub fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match read(path) {
        Ok(text) => Ok(Some(text)),
        Err(Error::File { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces a file whole, making its folder where that is missing.
pub fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed("create", folder))?;
    replace(folder, path, text).map_err(failed("write", path))
}

fn replace(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut beside = NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(path)?;
    Ok(())
}

/// Removes a file; one that is not there is removed already.
#[expect(clippy::disallowed_methods, reason = "the file adapter of the task runner")]
pub fn remove(path: &Path) -> Result<(), Error> {
    unless_gone(fs::remove_file(path)).map_err(failed("remove", path))
}

/// Removes a folder and all that is in it; one that is not there is removed already.
#[expect(clippy::disallowed_methods, reason = "the file adapter of the task runner")]
pub fn remove_folder(path: &Path) -> Result<(), Error> {
    unless_gone(fs::remove_dir_all(path)).map_err(failed("remove", path))
}

/// Every file under a folder whose parts of the path all pass `keep`, sorted.
pub fn walk(root: &Path, keep: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(failed("list", &folder))? {
            let entry = entry.map_err(failed("list", &folder))?;
            let kind = entry.file_type().map_err(failed("look at", &folder))?;
            match (keep(&entry.file_name().to_string_lossy()), kind.is_dir()) {
                (true, true) => folders.push(entry.path()),
                (true, false) => found.push(entry.path()),
                (false, _) => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::File { doing, path, source }
}

fn unless_gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_into_a_folder_that_is_not_there_yet_and_reads_it_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/c.txt");
        write(&path, "one").expect("written");
        write(&path, "two").expect("replaced");
        assert_eq!(read(&path).expect("read"), "two");
        let siblings = walk(folder.path(), &|_| true).expect("walked");
        assert_eq!(siblings, [path], "no temporary file is left beside it");
    }

    #[test]
    fn says_which_file_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("missing.toml");
        let error = read(&path).expect_err("there is no such file").to_string();
        assert!(error.contains("missing.toml"), "{error}");
        assert!(read_if_there(&path).expect("absence is an answer").is_none());
        remove(&path).expect("already gone");
        remove_folder(&path).expect("already gone");
    }

    #[test]
    fn walks_only_what_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("src/lib.rs"), "").expect("written");
        write(&folder.path().join("target/debug/out.rs"), "").expect("written");
        let found = walk(folder.path(), &|name| name != "target").expect("walked");
        assert_eq!(found, [folder.path().join("src/lib.rs")]);
    }
}
