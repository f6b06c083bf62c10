//! What runs: the variables that tests need, and the resources to take away again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Process, containers};
use crate::command::Cmd;
use crate::{Error, files};

/// A system that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    system: String,
    env: BTreeMap<String, String>,
    resources: Vec<Resource>,
}

/// One thing that starting made and stopping takes away, known by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// A folder of the system's own.
    Folder(PathBuf),
    /// A file system mounted at this folder.
    Mount(PathBuf),
    /// A process.
    Process(Process),
    /// A network interface.
    Link(String),
    /// The containers of a Docker daemon: all, or those with a label.
    Containers {
        /// Where the daemon listens.
        host: String,
        /// The label, as `name=value`.
        label: Option<String>,
    },
}

impl Handle {
    /// A handle of this system, which has made nothing yet.
    pub fn new(system: &str) -> Self {
        Self { system: system.into(), env: BTreeMap::new(), resources: Vec::new() }
    }

    /// Adds a variable for the tests.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Adds a resource; they are taken away last first.
    pub fn with(mut self, resource: Resource) -> Self {
        self.resources.push(resource);
        self
    }

    /// The name of the system.
    pub fn system(&self) -> &str {
        &self.system
    }

    /// The variables for the tests.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// Whether all of it is still there.
    pub fn is_alive(&self) -> bool {
        self.resources.iter().all(Resource::is_there)
    }

    /// Takes everything away, last first, going on after a failure; the first failure is returned.
    ///
    /// What is gone already is no failure, so that stopping twice is harmless.
    pub fn stop(&self) -> Result<(), Error> {
        let stop = |resource: &Resource| resource.remove(&self.system);
        self.resources.iter().rev().map(stop).fold(Ok(()), Result::and)
    }
}

impl Resource {
    fn is_there(&self) -> bool {
        match self {
            Self::Folder(path) => path.is_dir(),
            Self::Mount(path) => is_mounted(path),
            Self::Process(process) => process.is_running(),
            Self::Link(name) => is_link(name),
            // There need not be any.
            Self::Containers { .. } => true,
        }
    }

    fn remove(&self, system: &str) -> Result<(), Error> {
        let failed =
            |what: String, why: String| Error::Stop { what: format!("{system}: {what}"), why };
        match self {
            Self::Folder(path) if is_mounted(path) => {
                Err(failed(format!("folder `{}`", path.display()), "it is still mounted".into()))
            }
            Self::Folder(path) => {
                // A daemon that was ended may leave what it had mounted in its own folder.
                below(&mounts(), path).iter().try_for_each(|at| unmount(at))?;
                files::remove_folder(path)
            }
            Self::Mount(path) if !is_mounted(path) => Ok(()),
            Self::Mount(path) => unmount(path)
                .map_err(|error| failed(format!("mount `{}`", path.display()), error.to_string())),
            Self::Process(process) => {
                process.stop().map_err(|why| failed(format!("process {}", process.id()), why))
            }
            Self::Link(name) if !is_link(name) => Ok(()),
            Self::Link(name) => Cmd::new("ip")
                .args(["link", "delete", name])
                .for_cleanup()
                .output()
                .map(drop)
                .map_err(|error| failed(format!("network `{name}`"), error.to_string())),
            Self::Containers { host, label } => containers::remove(host, label.as_deref())
                .map_err(|error| failed(format!("containers in `{host}`"), error.to_string())),
        }
    }
}

fn is_link(name: &str) -> bool {
    Path::new("/sys/class/net").join(name).exists()
}

fn unmount(path: &Path) -> Result<(), Error> {
    Cmd::new("umount").args([path.display().to_string()]).for_cleanup().output().map(drop)
}

/// Where something is mounted, in the order in which it was.
fn mounts() -> Vec<PathBuf> {
    let mounts = files::read(Path::new("/proc/self/mounts")).unwrap_or_default();
    mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(PathBuf::from).collect()
}

fn is_mounted(path: &Path) -> bool {
    mounts().iter().any(|at| at == path)
}

/// What is mounted inside of a folder, last first.
fn below(mounts: &[PathBuf], folder: &Path) -> Vec<PathBuf> {
    let is_inside = |at: &&PathBuf| at.starts_with(folder) && *at != folder;
    mounts.iter().rev().filter(is_inside).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_takes_the_last_thing_first_and_twice_is_harmless() {
        let outer = tempfile::tempdir().expect("a folder").keep();
        let inner = outer.join("data");
        files::write(&inner.join("file"), "x").expect("written");
        let handle = Handle::new("made-up")
            .env("PILOTAGE_TEST_MADE_UP", "yes")
            .with(Resource::Folder(outer.clone()))
            .with(Resource::Folder(inner));
        assert!(handle.is_alive());
        handle.stop().expect("stopped");
        assert!(!outer.exists() && !handle.is_alive());
        handle.stop().expect("stopped already");
    }

    #[test]
    fn what_is_mounted_in_a_folder_is_taken_away_inside_out() {
        let mounts = ["/", "/a", "/a/b", "/ab", "/a/b/c"].map(PathBuf::from);
        assert_eq!(below(&mounts, Path::new("/a")), [Path::new("/a/b/c"), Path::new("/a/b")]);
        assert_eq!(below(&mounts, Path::new("/a/b/c")), [] as [PathBuf; 0]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn knows_what_is_mounted() {
        assert!(is_mounted(Path::new("/proc")));
        assert!(!is_mounted(Path::new("/proc/self")));
    }
}
