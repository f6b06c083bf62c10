//! What a run of the program has to do with: streams, a clock, an environment, sources.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pilotage_cli::Io;
use pilotage_clock::{Clock, SystemClock};
use pilotage_secrets::local::{Environment, Files};
use pilotage_secrets::{Resolver, SecretSource};

/// What a run of the program has to do with.
#[derive(Debug)]
pub struct World {
    /// Where words go.
    pub io: Io,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The environment that the process was started with.
    pub environment: BTreeMap<OsString, OsString>,
    /// Where secrets are kept besides this machine.
    pub sources: Vec<Arc<dyn SecretSource>>,
    /// The file of this program, which is the warden of what it runs.
    pub warden: PathBuf,
}

impl World {
    /// The world of this process.
    pub fn of_this_process() -> Self {
        // A core of this process would hold values; so would that of a child, which inherits it.
        let _ = rustix::process::setrlimit(
            rustix::process::Resource::Core,
            rustix::process::Rlimit { current: Some(0), maximum: Some(0) },
        );
        #[cfg(target_os = "linux")]
        let _ =
            rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
        Self {
            io: Io::of_this_process(),
            clock: Arc::new(SystemClock::new()),
            environment: std::env::vars_os().collect(),
            sources: Vec::new(),
            // Where it cannot be found, `exec` says so.
            warden: std::env::current_exe().unwrap_or_default(),
        }
    }

    /// A resolver over all sources; relative files begin at the directory of the configuration.
    pub(crate) fn resolver(&self, config: &Path) -> Resolver {
        use std::os::unix::ffi::OsStrExt;
        let text = |(name, value): (&OsString, &OsString)| {
            Some((name.to_str()?.to_owned(), value.as_bytes().to_vec()))
        };
        let environment = Environment::new(self.environment.iter().filter_map(text));
        let base = config.parent().unwrap_or(Path::new(""));
        let local: [Arc<dyn SecretSource>; 2] = [Arc::new(environment), Arc::new(Files::new(base))];
        let sources = local.into_iter().chain(self.sources.iter().cloned()).collect();
        Resolver::new(sources, self.clock.clone())
    }
}
