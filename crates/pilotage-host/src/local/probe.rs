//! The role of smoke checks: a request or a command, against the candidate's units themselves or
//! through the address that everybody uses.
//!
//! An answer that names another release than the candidate is never a pass. On a preview it is a
//! failure, for something else answers in the candidate's place. Through the common address it is
//! passed over, as long as there is time, until the candidate has answered: with a tenth of the
//! traffic most answers are the stable release's, and prove nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use pilotage_artifact::{Release, ReleaseId};
use pilotage_driver::role::Probe;
use pilotage_rollout::gate::{Smoke, Via};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;
use tokio::time::timeout;

use crate::health::{Page, RELEASE_HEADER, Unhealthy, ask_page};
use crate::os;
use crate::router::{Protocol, Upstream};
use crate::runtime::{Environment, HealthPath, Identity};

use super::client::Client;

/// How much of a command's last words is told.
const LAST_WORDS: usize = 600;
/// How many other releases that answered are told of.
const MOST_OTHERS: usize = 4;

/// A smoke check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is done.
    pub deed: Deed,
    /// How long it may take, at each unit.
    pub within: Duration,
}

/// What a smoke check does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A request that the candidate must answer with a 2xx status.
    Http {
        /// Where.
        path: HealthPath,
        /// What the answer must say of its release, in its header.
        identity: Identity,
    },
    /// A command that must exit with code 0. It is told the address in `PILOTAGE_ADDRESS` and the
    /// candidate in `PILOTAGE_RELEASE`.
    Command(Command),
}

/// A command to check with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// The rest of its environment; nothing is inherited.
    pub env: Environment,
    /// The directory that it runs in.
    pub directory: PathBuf,
}

/// The smoke checks of a service, by name.
#[derive(Debug, Clone)]
pub struct LocalProbe {
    client: Client,
    checks: BTreeMap<String, Check>,
}

impl LocalProbe {
    /// These checks of the service that this client speaks of.
    pub const fn new(client: Client, checks: BTreeMap<String, Check>) -> Self {
        Self { client, checks }
    }

    /// Checks every unit of the candidate that is ready: a check of one would prove only that one.
    async fn preview(&self, candidate: &ReleaseId, check: &Check) -> Result<(), String> {
        let units = self.client.units().await.map_err(|error| error.to_string())?;
        let ready = |unit: &&crate::wire::UnitInfo| unit.release == *candidate && unit.ready;
        let mut units = units.iter().filter(ready).peekable();
        if units.peek().is_none() {
            return Err(format!("no unit of `{candidate}` is ready"));
        }
        for unit in units {
            let upstream = Upstream { address: unit.address, protocol: unit.protocol };
            let checked = match &check.deed {
                Deed::Http { path, identity } => {
                    let page = ask_page(upstream, path, check.within).await;
                    page.and_then(|page| is_of(candidate, page, *identity))
                        .map_err(|error| error.to_string())
                }
                Deed::Command(command) => {
                    command.succeeds(candidate, unit.address, check.within).await
                }
            };
            checked.map_err(|reason| format!("unit `{}`: {reason}", unit.name))?;
        }
        Ok(())
    }

    async fn production(&self, candidate: &ReleaseId, check: &Check) -> Result<(), String> {
        let greeting = self.client.hello().await.map_err(|error| error.to_string())?;
        let address = greeting.address.ok_or("the daemon does not tell the service's address")?;
        match &check.deed {
            Deed::Http { path, identity } => {
                let service = Upstream { address, protocol: Protocol::Http1 };
                through(service, candidate, path, *identity, check.within).await
            }
            Deed::Command(command) => command.succeeds(candidate, address, check.within).await,
        }
    }
}

/// Whether this page is a good one of the candidate.
fn is_of(candidate: &ReleaseId, page: Page, identity: Identity) -> Result<(), Unhealthy> {
    let expected = candidate.clone();
    match page.release {
        Some(found) if found != candidate.as_str() => {
            Err(Unhealthy::WrongRelease { expected, found })
        }
        None if identity.is_required() => Err(Unhealthy::Nameless { expected }),
        _ => page.success,
    }
}

/// Asks through the common address until the candidate has answered.
async fn through(
    service: Upstream,
    candidate: &ReleaseId,
    path: &HealthPath,
    identity: Identity,
    within: Duration,
) -> Result<(), String> {
    let mut others = BTreeSet::new();
    let asking = async {
        loop {
            let page = ask_page(service, path, within).await?;
            match is_of(candidate, page, identity) {
                Err(Unhealthy::WrongRelease { found, .. }) => {
                    if others.len() < MOST_OTHERS {
                        others.insert(found);
                    }
                }
                decided => return decided,
            }
        }
    };
    match timeout(within, asking).await {
        Ok(decided) => decided.map_err(|error| error.to_string()),
        Err(_) => Err(never_answered(candidate, &others, within)),
    }
}

fn never_answered(candidate: &ReleaseId, others: &BTreeSet<String>, within: Duration) -> String {
    let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
    format!(
        "`{candidate}` never answered within {} ms; the header `{RELEASE_HEADER}` named only {}",
        within.as_millis(),
        others.join(", ")
    )
}

impl Command {
    async fn succeeds(
        &self,
        candidate: &ReleaseId,
        address: SocketAddr,
        within: Duration,
    ) -> Result<(), String> {
        let Self { program, args, env, directory } = self;
        let failed = |error: std::io::Error| format!("cannot run {}: {error}", program.display());
        let child = os::command(program)
            .args(args)
            .env_clear()
            .envs(env.iter())
            .env("PILOTAGE_ADDRESS", address.to_string())
            .env("PILOTAGE_RELEASE", candidate.as_str())
            .current_dir(directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let _group = Group::of(&child);
        let silent = |_| format!("{} did not end within {within:?}", program.display());
        let output = timeout(within, child.wait_with_output()).await.map_err(silent)?;
        verdict(&output.map_err(failed)?, env)
    }
}

#[async_trait]
impl Probe for LocalProbe {
    async fn check(&self, candidate: &Release, smoke: &Smoke) -> Result<(), String> {
        let name = &smoke.check;
        let unknown = || format!("no smoke check is named `{name}`");
        let check = self.checks.get(name).ok_or_else(unknown)?;
        let checked = match smoke.via {
            Via::Preview => self.preview(&candidate.id, check).await,
            Via::Production => self.production(&candidate.id, check).await,
        };
        checked.map_err(|reason| format!("check `{name}`: {reason}"))
    }
}

fn verdict(output: &Output, env: &Environment) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    let words = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let last = env.last_words(&words, LAST_WORDS);
    Err(format!("{}; its last words: {}", output.status, last.trim()))
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
