//! The role of smoke checks: a request or a command, against the candidate's units themselves or
//! through the address that everybody uses.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use pilotage_artifact::ReleaseId;
use pilotage_driver::role::Probe;
use pilotage_rollout::gate::{Smoke, Via};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;
use tokio::time::timeout;

use crate::health::{HealthCheck, HttpProber, Prober, answers};
use crate::os;
use crate::router::{Protocol, Upstream};
use crate::runtime::{Environment, HealthPath};

use super::client::Client;

/// How long one check of one unit may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How much of a command's last words is told.
const LAST_WORDS: usize = 600;

/// What is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// A request that must be answered with a 2xx status; on a preview, by the candidate.
    Http {
        /// Where.
        path: HealthPath,
    },
    /// A command that must exit with code 0. It is told the address in `PILOTAGE_ADDRESS` and the
    /// candidate in `PILOTAGE_RELEASE`.
    Command {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        args: Vec<String>,
        /// The rest of its environment; nothing is inherited.
        env: Environment,
    },
}

/// The smoke checks of one rollout, by name.
#[derive(Debug, Clone)]
pub struct LocalProbe {
    client: Client,
    candidate: ReleaseId,
    checks: BTreeMap<String, Check>,
}

impl LocalProbe {
    /// These checks of this candidate.
    pub const fn new(
        client: Client,
        candidate: ReleaseId,
        checks: BTreeMap<String, Check>,
    ) -> Self {
        Self { client, candidate, checks }
    }

    /// Checks every unit of the candidate that is ready: a check of one would prove only that one.
    async fn preview(&self, check: &Check) -> Result<(), String> {
        let units = self.client.units().await.map_err(|error| error.to_string())?;
        let ready = |unit: &&crate::wire::UnitInfo| unit.release == self.candidate && unit.ready;
        let mut units = units.iter().filter(ready).peekable();
        if units.peek().is_none() {
            return Err(format!("no unit of `{}` is ready", self.candidate));
        }
        for unit in units {
            let upstream = Upstream { address: unit.address, protocol: unit.protocol };
            let checked = match check {
                Check::Http { path } => self.is_candidate(upstream, path).await,
                Check::Command { .. } => self.succeeds(check, unit.address).await,
            };
            checked.map_err(|reason| format!("unit `{}`: {reason}", unit.name))?;
        }
        Ok(())
    }

    async fn production(&self, check: &Check) -> Result<(), String> {
        let greeting = self.client.hello().await.map_err(|error| error.to_string())?;
        let address = greeting.address.ok_or("the daemon does not tell the service's address")?;
        match check {
            Check::Http { path } => {
                let upstream = Upstream { address, protocol: Protocol::Http1 };
                answers(upstream, path, DEADLINE).await.map_err(|error| error.to_string())
            }
            Check::Command { .. } => self.succeeds(check, address).await,
        }
    }

    async fn is_candidate(&self, unit: Upstream, path: &HealthPath) -> Result<(), String> {
        let (path, release) = (path.clone(), self.candidate.clone());
        let check = HealthCheck { path, release, deadline: DEADLINE };
        HttpProber.probe(unit, &check).await.map(drop).map_err(|error| error.to_string())
    }

    async fn succeeds(&self, check: &Check, address: SocketAddr) -> Result<(), String> {
        let Check::Command { program, args, env } = check else { return Ok(()) };
        let failed = |error: std::io::Error| format!("cannot run {}: {error}", program.display());
        let child = os::command(program)
            .args(args)
            .env_clear()
            .envs(env.iter())
            .env("PILOTAGE_ADDRESS", address.to_string())
            .env("PILOTAGE_RELEASE", self.candidate.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let _group = Group::of(&child);
        let silent = |_| format!("{} did not end within {DEADLINE:?}", program.display());
        let output = timeout(DEADLINE, child.wait_with_output()).await.map_err(silent)?;
        verdict(&output.map_err(failed)?)
    }
}

#[async_trait]
impl Probe for LocalProbe {
    async fn check(&self, smoke: &Smoke) -> Result<(), String> {
        let name = &smoke.check;
        let unknown = || format!("no smoke check is named `{name}`");
        let check = self.checks.get(name).ok_or_else(unknown)?;
        let checked = match smoke.via {
            Via::Preview => self.preview(check).await,
            Via::Production => self.production(check).await,
        };
        checked.map_err(|reason| format!("check `{name}`: {reason}"))
    }
}

fn verdict(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let last = words.get(words.len().saturating_sub(LAST_WORDS)..).unwrap_or_default();
    Err(format!("{}; its last words: {}", output.status, String::from_utf8_lossy(last).trim()))
}

/// Ends whatever a command has left behind, also if nobody waits for it any more.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A group that is empty has nobody left to hear the signal.
        let _ = self.0.map(|group| kill_process_group(group, Signal::KILL));
    }
}
