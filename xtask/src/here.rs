//! Where the task runs: the one place that reads the environment.

use std::path::{Path, PathBuf};

use pilotage_xtask::command::Cmd;
use pilotage_xtask::system::Host;

use crate::systems;

/// The repository and the machine.
#[derive(Debug)]
pub struct Here {
    /// The root of the repository.
    pub root: PathBuf,
    /// Whether this is a CI job: nobody looks on, and packages may be installed.
    pub ci: bool,
    /// The machine.
    pub host: Host,
}

impl Here {
    /// Looks around.
    pub fn discover() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_path_buf();
        let ci = variable("CI").is_some_and(|value| !value.is_empty() && value != "false");
        let path = variable("PATH").unwrap_or_default();
        let cache = cache(variable("XDG_CACHE_HOME"), variable("HOME"), &root);
        let host = Host {
            programs: std::env::split_paths(&path).collect(),
            variables: systems::VARIABLES.iter().filter_map(given).collect(),
            temporary: temporary(),
            may_install: ci,
            is_root: rustix::process::geteuid().is_root(),
            is_linux: cfg!(target_os = "linux"),
            cache,
        };
        Self { root, ci, host }
    }

    /// Cargo, at the root of the repository; in CI the lock file must be up to date.
    pub fn cargo(&self, command: &str) -> Cmd {
        let cargo = Cmd::new("cargo").args([command]).folder(&self.root);
        if self.ci { cargo.args(["--locked"]) } else { cargo }
    }
}

/// The processors that a task may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn given(name: &&str) -> Option<(String, String)> {
    let value = variable(name).filter(|value| !value.is_empty())?;
    Some(((*name).to_owned(), value))
}

fn cache(xdg: Option<String>, home: Option<String>, root: &Path) -> PathBuf {
    let given = |value: &String| !value.is_empty();
    let base = xdg.filter(given).map(PathBuf::from);
    let base = base.or_else(|| Some(Path::new(&home.filter(given)?).join(".cache")));
    base.map_or_else(|| root.join("target/pilotage-cache"), |base| base.join("pilotage"))
}

#[expect(clippy::disallowed_methods, reason = "the composition of the task runner")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::disallowed_methods, reason = "the composition of the task runner")]
fn temporary() -> PathBuf {
    std::env::temp_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_follows_the_usual_variables() {
        let text = |value: &str| Some(value.to_owned());
        let root = Path::new("/r");
        assert_eq!(cache(text("/c"), text("/h"), root), Path::new("/c/pilotage"));
        assert_eq!(cache(text(""), text("/h"), root), Path::new("/h/.cache/pilotage"));
        assert_eq!(cache(None, None, root), Path::new("/r/target/pilotage-cache"));
    }

    #[test]
    fn the_root_is_the_folder_of_the_workspace() {
        assert!(Here::discover().root.join("Cargo.lock").is_file());
    }
}
