//! A platform made of fakes, and what a person at its command line sees.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use clap::Args;
use pilotage_artifact::{Digest, Release};
use pilotage_cli::{Berth, Harbour, Io, Out, Outfit, PlainLookout, Platform, PlatformError};
use pilotage_driver::drive::Patience;
use pilotage_driver::role::{Clock, NoMetrics, NoMigrations};
use pilotage_rollout::target::{Capabilities, Fencing, RollingControl, TrafficControl};
use pilotage_rollout::{ExitCode, Moment, Share, Span};
use pilotage_testkit::fake::{Death, FakeClock, FakeJournals, FakeLease, FakeProbe, FakeTarget};
use serde::Deserialize;
use tempfile::TempDir;

/// When every test begins: 2026-01-01, 00:00 UTC.
const DAWN: Moment = Moment::from_millis(1_767_225_600_000);

const CAN: Capabilities = Capabilities {
    traffic: TrafficControl::Weights { granularity: Share::NONE },
    rolling: RollingControl::Driven,
    preview: true,
    fencing: Fencing::Enforced,
    lag: Span::from_secs(1),
    settle: Span::from_secs(10),
};

/// A sound configuration with one environment.
pub(crate) const SOUND: &str = r#"
service = "shop"

[env.prod]
strategy.canary = { steps = [{ traffic = "25%", gates = [{ soak = "1m" }] }] }

[env.prod.target]
kind = "fake"
"#;

/// What a process left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) code: ExitCode,
    pub(crate) out: String,
    pub(crate) err: String,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) directory: TempDir,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) journals: Arc<FakeJournals>,
    pub(crate) lease: FakeLease,
    pub(crate) target: Arc<FakeTarget>,
    pub(crate) probe: Arc<FakeProbe>,
}

pub(crate) fn release(name: &str, sequence: u64) -> Release {
    let id = name.parse().expect("it is a name");
    Release { id, digest: Digest::of(name.as_bytes()), sequence }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::configured(SOUND)
    }

    pub(crate) fn configured(config: &str) -> Self {
        let clock = Arc::new(FakeClock::new(DAWN));
        let journals = Arc::new(FakeJournals::default());
        let known = [release("v2", 2), release("v3", 3), release("v0", 0)];
        let target = FakeTarget::serving(&release("v1", 1), 4, &known, CAN, clock.clone());
        let world = Self {
            directory: tempfile::tempdir().expect("there is room for a directory"),
            lease: FakeLease::new(Span::from_secs(60), clock.clone(), Arc::<Death>::default()),
            target: Arc::new(target.strict(journals.clone())),
            probe: Arc::new(FakeProbe::default().with("good", 0).with("bad", 200)),
            clock,
            journals,
        };
        world.configure(config.as_bytes());
        world
    }

    #[expect(clippy::disallowed_methods, reason = "a test plays the person who writes the file")]
    pub(crate) fn configure(&self, config: &[u8]) {
        std::fs::write(self.path("pilotage.toml"), config).expect("the file can be written");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a command as a process of its own would.
    pub(crate) async fn run(&self, line: &str) -> Left {
        self.process().run(line).await
    }

    /// A process with its own streams.
    pub(crate) fn process(&self) -> Process {
        self.slow_process(Span::ZERO)
    }

    /// A process that takes this long between its first look and its plan.
    pub(crate) fn slow_process(&self, gap: Span) -> Process {
        let (out, err) = (Sink::default(), Sink::default());
        let io = Io {
            out: Out::new(out.clone(), false),
            err: Out::new(err.clone(), false),
            no_color: false,
        };
        let platform = Fake {
            target: self.target.clone(),
            journals: self.journals.clone(),
            lease: self.lease.clone(),
            probe: self.probe.clone(),
            clock: self.clock.clone(),
            gap,
        };
        let outfit = Outfit {
            platform,
            lookout: Arc::new(PlainLookout),
            clock: self.clock.clone(),
            io,
            holder: "https://ci.example/jobs/1".into(),
        };
        Process { outfit, out, err, directory: self.directory.path().into() }
    }
}

pub(crate) struct Process {
    pub(crate) outfit: Outfit<Fake>,
    out: Sink,
    err: Sink,
    directory: PathBuf,
}

impl Process {
    pub(crate) async fn run(&self, line: &str) -> Left {
        let config = self.directory.join("pilotage.toml");
        let mut args: Vec<OsString> = vec!["pilotage".into()];
        args.extend(line.split(' ').filter(|word| !word.is_empty()).map(|word| self.expand(word)));
        args.extend(["--config".into(), config.into()]);
        let code = pilotage_cli::execute(args, &self.outfit).await;
        Left { code, out: self.redact(&self.out), err: self.err() }
    }

    /// What was said on stderr so far.
    pub(crate) fn err(&self) -> String {
        self.redact(&self.err)
    }

    /// `@name` stands for a file in the directory of the test.
    fn expand(&self, word: &str) -> OsString {
        match word.strip_prefix('@') {
            Some(name) => self.directory.join(name).into(),
            None => word.into(),
        }
    }

    fn redact(&self, sink: &Sink) -> String {
        let text = String::from_utf8(sink.bytes()).expect("it is text");
        text.replace(&format!("{}/", self.directory.display()), "")
            .replace(" --config pilotage.toml", "")
    }
}

/// A stream that remembers.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The platform of the tests.
#[derive(Debug)]
pub(crate) struct Fake {
    target: Arc<FakeTarget>,
    journals: Arc<FakeJournals>,
    lease: FakeLease,
    probe: Arc<FakeProbe>,
    clock: Arc<FakeClock>,
    gap: Span,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FakeSettings {
    #[serde(default, rename = "port")]
    _port: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FakeArtifact {
    release: String,
    sequence: u64,
}

#[derive(Debug, Args)]
pub(crate) struct FakeFlags {
    /// The release; `v7` has sequence 7
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
}

type FakeBerth = Berth<FakeSettings, FakeArtifact>;

#[async_trait]
impl Platform for Fake {
    const PROGRAM: &'static str = "pilotage";
    const KIND: &'static str = "fake";
    type Target = FakeSettings;
    type Artifact = FakeArtifact;
    type Flags = FakeFlags;

    async fn moor(&self, _: &FakeBerth) -> Result<Harbour, PlatformError> {
        Ok(Harbour {
            target: self.target.clone(),
            migrator: Arc::new(NoMigrations),
            journal: self.journals.clone(),
            lease: Arc::new(self.lease.clone()),
            probe: self.probe.clone(),
            metrics: Arc::new(NoMetrics),
            address: None,
            patience: Patience::default(),
        })
    }

    async fn name(&self, berth: &FakeBerth, flags: &FakeFlags) -> Result<Release, PlatformError> {
        self.clock.sleep(self.gap).await;
        let named = flags.release.as_ref().map(|name| {
            let sequence = name.trim_start_matches('v').parse().unwrap_or(0);
            (name.clone(), sequence)
        });
        let artifact = berth.artifact.as_ref();
        let written = || artifact.map(|artifact| (artifact.release.clone(), artifact.sequence));
        let (name, sequence) = named.or_else(written).ok_or_else(|| {
            PlatformError::new(ExitCode::Usage, "no release was named")
                .help("name it with `--release`")
        })?;
        let id = name.parse().map_err(|error| {
            PlatformError::new(ExitCode::Usage, "the release cannot be named").because(error)
        })?;
        Ok(Release { id, digest: Digest::of(name.as_bytes()), sequence })
    }

    async fn register(
        &self,
        _: &FakeBerth,
        _: &FakeFlags,
        _: &Release,
    ) -> Result<(), PlatformError> {
        Ok(())
    }
}
