//! The list of what runs, kept on disk so that any later process can stop it by id.

use std::path::{Path, PathBuf};

use super::Handle;
use crate::{Error, files};

/// What was started and not yet stopped.
///
/// It is written after every change, so that a task that is killed leaves a list that `env down`
/// can work through.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    handles: Vec<Handle>,
}

impl Ledger {
    /// Opens the ledger at this path; no file means that nothing runs.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let handles = match files::read_if_there(path)? {
            Some(text) => parse(path, &text)?,
            None => Vec::new(),
        };
        Ok(Self { path: path.to_path_buf(), handles })
    }

    /// What is listed, in the order in which it was started.
    pub fn handles(&self) -> &[Handle] {
        &self.handles
    }

    /// The handle of a system.
    pub fn get(&self, system: &str) -> Option<&Handle> {
        self.handles.iter().find(|handle| handle.system() == system)
    }

    /// Lists a handle; where that cannot be written down, the system is stopped again.
    pub fn add(&mut self, handle: Handle) -> Result<(), Error> {
        self.handles.push(handle);
        let saved = self.save();
        if saved.is_err()
            && let Some(unlisted) = self.handles.pop()
        {
            unlisted.stop()?;
        }
        saved
    }

    /// Stops a system and strikes it off; one that would not stop stays listed.
    pub fn stop(&mut self, system: &str) -> Result<(), Error> {
        if let Some(handle) = self.get(system) {
            handle.stop()?;
        }
        self.handles.retain(|handle| handle.system() != system);
        self.save()
    }

    fn save(&self) -> Result<(), Error> {
        if self.handles.is_empty() {
            return files::remove(&self.path);
        }
        let json = serde_json::to_string_pretty(&self.handles).map_err(malformed(&self.path))?;
        files::write(&self.path, &json)
    }
}

fn parse(path: &Path, text: &str) -> Result<Vec<Handle>, Error> {
    serde_json::from_str(text).map_err(malformed(path))
}

fn malformed(path: &Path) -> impl Fn(serde_json::Error) -> Error {
    move |error| Error::Malformed {
        what: path.display().to_string(),
        why: error.to_string(),
        hint: "stop by hand what it lists, then delete it",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Resource;
    use super::*;

    #[test]
    fn another_process_finds_what_was_started_and_stops_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("target/env.json");
        let made = folder.path().join("made");
        files::write(&made.join("file"), "x").expect("written");
        let handle = Handle::new("a").with(Resource::Folder(made.clone()));
        Ledger::open(&path).expect("empty").add(handle).expect("listed");

        let mut later = Ledger::open(&path).expect("read back");
        assert!(later.get("a").is_some_and(Handle::is_alive));
        later.stop("a").expect("stopped");
        assert!(!made.exists());
        assert!(!path.exists(), "an empty ledger is no file");
    }

    #[test]
    fn a_damaged_ledger_is_an_error_with_a_way_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("env.json");
        files::write(&path, "[{").expect("written");
        let error = Ledger::open(&path).expect_err("half a list").to_string();
        assert!(error.contains("stop by hand"), "{error}");
    }

    #[test]
    fn what_cannot_be_written_down_does_not_stay_running() {
        let folder = tempfile::tempdir().expect("a folder");
        files::write(&folder.path().join("file"), "not a folder").expect("written");
        let made = folder.path().join("made");
        files::write(&made.join("x"), "").expect("written");
        let mut ledger = Ledger { path: folder.path().join("file/env.json"), handles: Vec::new() };
        assert!(ledger.add(Handle::new("a").with(Resource::Folder(made.clone()))).is_err());
        assert!(!made.exists() && ledger.handles().is_empty());
    }
}
