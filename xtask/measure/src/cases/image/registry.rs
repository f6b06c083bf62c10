//! One of the two registries, whose log says how many requests there were.

use std::path::PathBuf;

use pilotage_xtask::system::{Handle, Host, System as _};
use pilotage_xtask::{Error, files};

use super::yard::Closed;
use xtask::systems::docker_registry::DockerRegistry;

/// A registry that ends with the bench.
pub(super) struct Registry {
    handle: Handle,
    pub(super) folder: PathBuf,
    pub(super) address: String,
}

impl Registry {
    pub(super) fn start(host: &Host) -> Result<Self, Closed> {
        let absent = |reason: String| Closed::Absent(reason);
        DockerRegistry.find(host).map_err(|lack| absent(lack.to_string()))?;
        let handle = DockerRegistry.start(host).map_err(|reason| absent(reason.to_string()))?;
        let folder = handle.variables().get("PILOTAGE_TEST_DOCKER_REGISTRY").cloned();
        let folder = PathBuf::from(folder.unwrap_or_default());
        let mut registry = Self { handle, folder, address: String::new() };
        registry.address = files::read(&registry.folder.join("address"))?;
        Ok(registry)
    }

    pub(super) fn requests(&self) -> Result<usize, Error> {
        let log = files::read(&self.folder.join("log"))?;
        Ok(log
            .lines()
            .filter(|line| line.contains(" /v2/") && line.contains(" HTTP/1.1\""))
            .count())
    }

    /// Frees the disk that a repository and its blobs take.
    pub(super) fn forget(&self, repository: &str) -> Result<(), Error> {
        let store = self.folder.join("store/docker/registry/v2");
        files::remove_folder(&store.join("repositories").join(repository))?;
        files::remove_folder(&store.join("blobs"))
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        if let Err(left) = self.handle.stop() {
            pilotage_xtask::terminal::note(format!("warning: {left}"));
        }
    }
}
