//! A service directory with a daemon, programs to ship, and a crew to ship them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::drive::{Crew, Driver, Finished, Interruptions, Patience};
use pilotage_driver::file::{FileJournalStore, FileLease};
use pilotage_driver::role::{Clock, SystemClock, Target};
use pilotage_host::artifacts::{ArtifactStore, Program};
use pilotage_host::directory::ServiceDirectory;
use pilotage_host::local::{Client, LocalMetrics, LocalTarget, SpawnError, ensure_running};
use pilotage_host::runtime::{RestartPolicy, StopPolicy};
use pilotage_host::wire::{Greeting, ReleaseSpec};
use pilotage_rollout::Span;
use pilotage_rollout::gate::HealthRule;
use pilotage_rollout::journal::RunId;
use pilotage_rollout::plan::{Kind, Limits, Plan, Planned, Request, plan};
use pilotage_rollout::ramp::{BlueGreen, Strategy};
use pilotage_rollout::target::{Action, Fence, Group, Observation, Order, Outcome, Stamp};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::apart::{Apart, turn};

/// Far longer than anything here takes; reached only by a failing test.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);
pub(crate) const HOSTD: &str = env!("CARGO_BIN_EXE_pilotage-hostd");

pub(crate) struct Place {
    home: TempDir,
    pub(crate) directory: ServiceDirectory,
    pub(crate) client: Client,
    pub(crate) address: SocketAddr,
}

impl Place {
    /// A directory with a daemon and nothing else.
    pub(crate) async fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let directory = ServiceDirectory::at(home.path().join("service")).expect("a path");
        let client = Client::new(directory.clone());
        let address = start(&directory).await;
        Self { home, directory, client, address }
    }

    /// A directory in which two units of this release serve.
    pub(crate) async fn serving(release: &str) -> Self {
        let place = Self::new().await;
        place.register(release, 1, &[]).await;
        let finished = place.deploy("first", release, 1, blue_green()).await;
        assert!(is_deployed(&finished, release), "{finished:?}");
        place
    }

    /// Starts a daemon again, or greets the one that runs.
    pub(crate) async fn start_again(&self) {
        assert_eq!(start(&self.directory).await, self.address, "the address stays");
    }

    pub(crate) fn target(&self) -> LocalTarget {
        LocalTarget::new(self.client.clone())
    }

    /// Makes this release of the demo service known.
    pub(crate) async fn register(&self, name: &str, sequence: u64, options: &[&str]) -> Release {
        let spec = self.spec(name, sequence, options);
        self.client.register(spec.clone()).await.expect("registered");
        spec.release
    }

    pub(crate) fn spec(&self, name: &str, sequence: u64, options: &[&str]) -> ReleaseSpec {
        let store = ArtifactStore::open(&self.directory).expect("private");
        let backoff = Duration::from_millis(5);
        let program = Program {
            args: options.iter().map(|option| (*option).to_owned()).collect(),
            stop: StopPolicy { grace: Duration::from_secs(5), ..StopPolicy::default() },
            restart: RestartPolicy { limit: 2, backoff, ..RestartPolicy::default() },
            ..Program::new(service(), "/health".parse().expect("a path"))
        };
        let artifact = store.add(program).expect("added");
        ReleaseSpec::new(id(name), sequence, artifact).expect("valid")
    }

    pub(crate) fn crew(&self) -> Crew {
        let state = self.home.path().join("state");
        let lease = Apart(FileLease::new(&state, "service").expect("a name"));
        let journal = Apart(FileJournalStore::new(state.join("runs")));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let mut crew =
            Crew::new(Arc::new(self.target()), Arc::new(journal), Arc::new(lease), clock);
        crew.metrics = Arc::new(LocalMetrics::new(self.client.clone()));
        crew
    }

    pub(crate) fn driver(&self) -> Driver {
        Driver::new(self.crew(), Patience::default(), "a test".into())
    }

    pub(crate) async fn plan(&self, release: &str, sequence: u64, strategy: Strategy) -> Arc<Plan> {
        let target = self.target();
        let can = target.capabilities();
        let millis = Span::from_millis;
        let limits = Limits { poll: millis(50), prove: millis(8_000), ..Limits::usual(&can) };
        let known = self.client.observe().await.expect("the daemon answers");
        let request = Request {
            kind: Kind::Deploy,
            target: "service".into(),
            to: self.release(release, sequence),
            strategy,
            size: Some(2),
            health: HealthRule::new(2, 2, millis(100), millis(30_000)).expect("a rule"),
            migration: None,
            keep: Some(vec![]),
            limits: Some(limits),
            allow_downgrade: false,
            valid_for: Span::from_mins(5),
        };
        match plan(request, &known, &can, SystemClock::new().now()).expect("it can be planned") {
            Planned::Plan(plan) => plan,
            Planned::Unchanged(release) => panic!("{release} serves already"),
        }
    }

    /// The release as it was registered with these options; those that fail are told by name.
    fn release(&self, name: &str, sequence: u64) -> Release {
        let options: &[&str] = match name {
            "flawed" => &["--fail-percent", "30"],
            "slow" => &["--slow-start", "2"],
            "never-ready" => &["--never-ready"],
            "crashing" => &["--exit-at-once"],
            _ => &[],
        };
        self.spec(name, sequence, options).release
    }

    pub(crate) async fn deploy(
        &self,
        run: &str,
        release: &str,
        sequence: u64,
        strategy: Strategy,
    ) -> Finished {
        let plan = self.plan(release, sequence, strategy).await;
        let driver = self.driver();
        let finished = driver.drive(RunId(run.into()), plan, Interruptions::none());
        finished.await.expect("the roles answer")
    }

    pub(crate) async fn observe(&self) -> Observation {
        self.client.observe().await.expect("the daemon answers")
    }

    /// Gives an order under this fence.
    pub(crate) async fn order(&self, fence: u64, number: u32, action: Action) -> Outcome {
        let order = Order { stamp: Stamp { fence: Fence(fence), number }, action };
        self.target().apply(&RunId("by-hand".into()), &order).await
    }

    /// Waits until the group of the release is so.
    pub(crate) async fn sees(&self, release: &str, wanted: impl Fn(&Group) -> bool) -> Group {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        let mut last = None;
        let seen = tokio::time::timeout(DEADLINE, async {
            loop {
                ticks.tick().await;
                last = self.observe().await.group(&id(release)).cloned();
                if let Some(group) = last.as_ref().filter(|group| wanted(group)) {
                    return group.clone();
                }
            }
        });
        seen.await.unwrap_or_else(|_| panic!("`{release}` was last seen as {last:?}"))
    }

    /// Kills the daemon as a crash would.
    pub(crate) async fn kill_daemon(&self) {
        let pid = self.client.hello().await.expect("it runs").pid.expect("it tells");
        kill(pid);
        gone(pid).await;
    }

    /// Kills the daemon even if it cannot be asked for its number.
    pub(crate) fn kill_by_system(&self) {
        daemons_of(&self.directory).into_iter().for_each(kill);
    }

    pub(crate) fn journals(&self) -> PathBuf {
        self.home.path().join("state/runs")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // The daemon first, so that nothing is started again; records tell the units.
        daemons_of(&self.directory).into_iter().for_each(kill);
        let units = std::fs::read_dir(self.directory.path().join("units"));
        for unit in units.into_iter().flatten().flatten() {
            let record = read(&unit.path().join("unit.json")).unwrap_or_default();
            let record: serde_json::Value = serde_json::from_str(&record).unwrap_or_default();
            let pid = record["process"]["running"]["pid"].as_u64();
            if let Some(pid) = pid.and_then(|pid| u32::try_from(pid).ok()) {
                kill(pid);
            }
        }
    }
}

async fn start(directory: &ServiceDirectory) -> SocketAddr {
    let any = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let greeting = ensure(directory, any).await.expect("it starts");
    greeting.address.expect("it tells")
}

/// Makes sure that the daemon under test keeps this directory.
pub(crate) async fn ensure(
    directory: &ServiceDirectory,
    listen: Option<SocketAddr>,
) -> Result<Greeting, SpawnError> {
    let _turn = turn().await;
    ensure_running(directory, Path::new(HOSTD), listen).await
}

pub(crate) fn id(name: &str) -> ReleaseId {
    name.parse().expect("a name")
}

pub(crate) fn blue_green() -> Strategy {
    Strategy::BlueGreen(BlueGreen { before: vec![], after: vec![], keep: Span::from_millis(200) })
}

pub(crate) fn is_deployed(finished: &Finished, release: &str) -> bool {
    let expected = pilotage_rollout::Verdict::Deployed { release: id(release) };
    finished.verdict == expected
}

/// The demo service, which is a binary of another package: it is built once, and is mostly built
/// already.
fn service() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let beside = Path::new(HOSTD).parent().expect("a directory");
        let release = beside.ends_with("release").then_some("--release");
        #[expect(clippy::disallowed_methods, reason = "the service under test is built by cargo")]
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "pilotage-demo-service", "--target-dir"]);
        cargo.arg(beside.parent().expect("a target directory")).args(release);
        assert!(cargo.status().expect("cargo runs").success(), "the demo service is built");
        beside.join("pilotage-demo-service")
    })
}

pub(crate) fn kill(pid: u32) {
    let pid = Pid::from_raw(i32::try_from(pid).expect("a pid")).expect("a pid");
    // It may have ended by itself.
    let _ = kill_process(pid, Signal::KILL);
}

/// Waits until a process that this one started is gone.
pub(crate) async fn gone(pid: u32) {
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    let ended = async {
        while is_alive(pid) {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(DEADLINE, ended).await.expect("it ends");
}

pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = read(Path::new(&format!("/proc/{pid}/stat"))).unwrap_or_default();
    let state = stat.rsplit_once(')').map_or("", |(_, rest)| rest.trim_start());
    !state.is_empty() && !state.starts_with('Z')
}

/// The daemons that were started with this directory, as the system lists processes.
fn daemons_of(directory: &ServiceDirectory) -> Vec<u32> {
    let wanted = format!("--dir\0{}\0", directory.path().display());
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_ours = |pid: &u32| {
        let arguments = read(Path::new(&format!("/proc/{pid}/cmdline"))).unwrap_or_default();
        arguments.starts_with(HOSTD) && arguments.contains(&wanted)
    };
    pids.filter(is_ours).collect()
}

#[expect(clippy::disallowed_methods, reason = "tests look at what was left on disk")]
pub(crate) fn read(path: &Path) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[expect(clippy::disallowed_methods, reason = "tests put on disk what a fault would leave")]
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("written");
}
