//! What a run of the program has to do with: streams, a clock, an environment, sources.

use core::fmt::{self, Debug, Formatter};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pilotage_ci::surface::Surface;
use pilotage_cli::{Io, Reader};
use pilotage_clock::{Clock, SystemClock};
use pilotage_secrets::local::{Environment, Files};
use pilotage_secrets::{Locator, Resolver, SecretSource};

use crate::args::Global;
use crate::source::{Opening, Sources, reads};

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
    pub sources: Sources,
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
            sources: Sources::Remote,
            // Where it cannot be found, `exec` says so.
            warden: std::env::current_exe().unwrap_or_default(),
        }
    }

    /// Lets the runner of the job, if there is one, mask what is learnt from now on.
    pub(crate) fn heed_runner(&self) {
        let variables = Variables(&self.environment);
        let surface = Surface::detect(|name| variables.text(name).map(str::to_owned), false);
        if let Some(runner) = surface.runner() {
            self.io.tell_runner(runner);
        }
    }

    /// A resolver over the sources that these locators need; relative files begin at the directory
    /// of the configuration.
    pub(crate) async fn resolver(
        &self,
        global: &Global,
        reader: &Reader,
        wanted: impl IntoIterator<Item = Locator>,
    ) -> Resolver {
        let mut sources = self.local(global);
        let far = wanted.into_iter().filter(|locator| !reads(&sources, locator));
        let far: BTreeSet<Locator> = far.collect();
        let variables = Variables(&self.environment);
        let opening = Opening { reader, variables, clock: &self.clock };
        sources.extend(self.sources.open(&far, opening).await);
        Resolver::new(sources, self.clock.clone())
    }

    /// What needs no session.
    fn local(&self, global: &Global) -> Vec<Arc<dyn SecretSource>> {
        use std::os::unix::ffi::OsStrExt;
        let text = |(name, value): (&OsString, &OsString)| {
            Some((name.to_str()?.to_owned(), value.as_bytes().to_vec()))
        };
        let environment = Environment::new(self.environment.iter().filter_map(text));
        let base = global.config.parent().unwrap_or(Path::new(""));
        vec![Arc::new(environment), Arc::new(Files::new(base))]
    }
}

/// The environment that the process was started with, as far as it is text.
#[derive(Clone, Copy)]
pub(crate) struct Variables<'a>(&'a BTreeMap<OsString, OsString>);

impl<'a> Variables<'a> {
    /// The value of a variable; none if it is not set or empty.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        let value = self.0.get(OsStr::new(name))?.to_str()?;
        Some(value).filter(|value| !value.is_empty())
    }
}

impl Debug for Variables<'_> {
    /// Some of them are secrets.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Variables({})", self.0.len())
    }
}
