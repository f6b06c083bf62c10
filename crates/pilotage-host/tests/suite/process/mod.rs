//! The process runtime over real processes.

mod endings;
mod identity;
mod names;
mod takeover;

use pilotage_host::process::ProcessRuntime;
use pilotage_host::runtime::{Runtime, UnitName, UnitSpec, UnitState, UnitStatus};
use tempfile::TempDir;

use crate::support::eventually;

/// A runtime in its own directory, whose units all end with it.
struct Machine {
    runtime: Option<ProcessRuntime>,
    directory: TempDir,
}

impl Machine {
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let runtime = Some(ProcessRuntime::open(directory.path()).await.expect("opened"));
        Self { runtime, directory }
    }

    fn runtime(&self) -> &ProcessRuntime {
        self.runtime.as_ref().expect("open")
    }

    /// The supervisor goes away as if it had been killed: without a word to its units.
    fn lose_supervisor(&mut self) {
        self.runtime = None;
    }

    async fn open_again(&mut self) {
        self.runtime = Some(ProcessRuntime::open(self.directory.path()).await.expect("opened"));
    }

    fn record(&self, name: &UnitName) -> std::path::PathBuf {
        self.directory.path().join("units").join(name.as_str()).join("unit.json")
    }

    async fn start(&self, spec: &UnitSpec) -> UnitStatus {
        self.runtime().start(spec).await.expect("started")
    }

    async fn status(&self, name: &UnitName) -> UnitStatus {
        self.runtime().observe(name).await.expect("observed").expect("known")
    }

    async fn pid(&self, name: &UnitName) -> u32 {
        match self.status(name).await.state {
            UnitState::Running { pid } => pid,
            other => panic!("not running: {other:?}"),
        }
    }

    async fn tail(&self, name: &UnitName) -> String {
        self.runtime().tail(name, 10_000).await.expect("a log")
    }

    async fn wrote(&self, name: &UnitName, text: &str) {
        let wrote = || async { self.tail(name).await.contains(text) };
        eventually(&format!("the unit to write {text:?}"), wrote).await;
    }

    async fn reaches(&self, name: &UnitName, wanted: impl Fn(&UnitStatus) -> bool) -> UnitStatus {
        eventually("the unit's state", || async { wanted(&self.status(name).await) }).await;
        self.status(name).await
    }

    async fn stop(&self, name: &UnitName) -> UnitState {
        self.runtime().stop(name).await.expect("stopped").expect("known").state
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // A test that fails must not leave processes behind: the records tell which they are.
        self.runtime = None;
        let names = self.directory.path().join("units").read_dir().expect("a directory");
        for record in names.filter_map(|entry| Some(entry.ok()?.path().join("unit.json"))) {
            let text = crate::support::files::read(record).unwrap_or_default();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let pid =
                json["process"]["running"]["pid"].as_u64().and_then(|p| u32::try_from(p).ok());
            if let Some(pid) = pid.filter(|pid| crate::support::files::is_alive(*pid)) {
                crate::support::files::kill(pid);
            }
        }
    }
}
