//! A directory with a configuration, a vault, and commands in it; and the real binary.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use pilotage_cli::{Io, Out};
use pilotage_clock::{Clock, SystemClock};
use pilotage_secret::{Sources, World, run};
use pilotage_secrets::{Locator, Reference};
use pilotage_testkit::fake::{FakeVault, HastyClock};
use tempfile::TempDir;

/// A place with a vault in memory.
pub(crate) struct Place {
    directory: TempDir,
    pub(crate) vault: Arc<FakeVault>,
    pub(crate) environment: BTreeMap<OsString, OsString>,
    clock: Arc<dyn Clock>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl io::Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Place {
    pub(crate) fn new(config: &str) -> Self {
        let place = Self {
            directory: tempfile::tempdir().expect("a directory"),
            vault: Arc::new(FakeVault::new(Arc::new(HastyClock::default()))),
            environment: BTreeMap::from([("PATH".into(), "/usr/bin:/bin".into())]),
            clock: Arc::new(SystemClock::new()),
        };
        place.write("pilotage.toml", config.as_bytes());
        place
    }

    /// The same where waiting takes no time.
    pub(crate) fn hasty(self) -> Self {
        Self { clock: Arc::new(HastyClock::default()), ..self }
    }

    /// The same where waiting takes as long as it does.
    pub(crate) fn patient(self) -> Self {
        Self { clock: Arc::new(SystemClock::new()), ..self }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays whoever writes the files")]
    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path().join(name), content).expect("written");
    }

    pub(crate) fn folder(&self, name: &str) {
        std::fs::create_dir_all(self.path().join(name)).expect("made");
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks into the files")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    /// Runs a command in this process; `@` stands for the directory.
    pub(crate) fn run(&self, args: &[&str]) -> Left {
        self.run_before(args, false)
    }

    /// The same, perhaps with a terminal for stdout.
    pub(crate) fn run_before(&self, args: &[&str], terminal: bool) -> Left {
        let (out, err) = (Heard::default(), Heard::default());
        let world = World {
            io: Io {
                out: Out::new(out.clone(), terminal),
                err: Out::new(err.clone(), false),
                no_color: true,
            },
            clock: self.clock.clone(),
            environment: self.environment.clone(),
            sources: Sources::Given(vec![self.vault.clone()]),
            warden: env!("CARGO_BIN_EXE_pilotage-secret").into(),
        };
        let here = self.path().to_str().expect("text");
        let config = format!("{here}/pilotage.toml");
        let place = args.iter().map(|arg| OsString::from(arg.replace('@', here)));
        let all = ["pilotage-secret", "--config", &config].map(OsString::from);
        let code = run(all.into_iter().chain(place), &world);
        let text = |heard: &Heard| String::from_utf8_lossy(&heard.take()).into_owned();
        Left { code, out: text(&out), err: text(&err) }
    }

    /// The real binary, with nothing in its environment but what the place has.
    #[expect(clippy::disallowed_methods, reason = "the binary under test is started")]
    pub(crate) fn binary(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilotage-secret"));
        command.args(args).env_clear().envs(&self.environment).current_dir(self.path());
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run_binary(&self, args: &[&str]) -> Output {
        self.binary(args).output().expect("the binary starts")
    }
}

pub(crate) fn locator(text: &str) -> Locator {
    let reference: Reference = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    reference.locator().clone()
}

/// What the binary writes to stdout, if it succeeds.
pub(crate) fn done(place: &Place, args: &[&str]) -> String {
    let left = place.run_binary(args);
    let said = String::from_utf8_lossy(&left.stderr);
    assert_eq!(left.status.code(), Some(0), "{args:?}: {said}");
    assert!(!said.contains("canary"), "{said}");
    String::from_utf8(left.stdout).expect("text")
}
