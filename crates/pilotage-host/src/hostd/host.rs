//! The parts of a daemon, and what every verb and loop needs of them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pilotage_artifact::ReleaseId;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::directory::ServiceDirectory;
use crate::health::{HealthCheck, HttpProber, Prober};
use crate::os;
use crate::process::ProcessRuntime;
use crate::proxy::Proxy;
use crate::router::{Router, RouterState, Upstream};
use crate::runtime::{Runtime, RuntimeError, UnitName, UnitState, UnitStatus};
use crate::wire::Fate;

use super::health::Healths;
use super::history::History;
use super::ledger::Ledger;
use super::routes::{Routable, next_table};
use super::state;

/// How long a unit may take to answer a health check.
const HEALTH_DEADLINE: Duration = Duration::from_secs(1);

/// A daemon at work.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) directory: ServiceDirectory,
    pub(super) runtime: ProcessRuntime,
    pub(super) proxy: Proxy,
    /// Held by whoever changes anything: there is one writer.
    pub(super) book: tokio::sync::Mutex<Book>,
    pub(super) wake: Notify,
    /// How the daemon is to end, once it is to end.
    pub(super) end: watch::Sender<Option<Fate>>,
    healths: Mutex<Healths>,
    history: Mutex<History>,
}

/// What is known and wanted at this moment.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) ledger: Ledger,
    /// Units that have left the routes, or are about to.
    pub(super) leaving: BTreeMap<UnitName, Leaving>,
    /// Units that were given up, and when that was first seen.
    pub(super) given_up: BTreeMap<UnitName, Instant>,
    /// Releases of which no unit could be started.
    pub(super) troubles: BTreeMap<ReleaseId, Trouble>,
}

/// A unit on its way out.
#[derive(Debug)]
pub(super) struct Leaving {
    /// When its requests have had their time.
    pub(super) deadline: Instant,
    pub(super) stopping: bool,
}

/// Why units of a release cannot be started.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) reason: String,
    /// Whether trying again cannot help.
    pub(super) hopeless: bool,
    pub(super) again: Instant,
}

impl Host {
    pub(super) fn new(
        directory: ServiceDirectory,
        runtime: ProcessRuntime,
        proxy: Proxy,
        ledger: Ledger,
    ) -> Self {
        Self {
            directory,
            runtime,
            proxy,
            book: tokio::sync::Mutex::new(Book::of(ledger)),
            wake: Notify::new(),
            end: watch::Sender::new(None),
            healths: Mutex::default(),
            history: Mutex::default(),
        }
    }

    pub(super) fn healths(&self) -> MutexGuard<'_, Healths> {
        // Each change is one insertion or removal, so a panic leaves it whole.
        self.healths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        // Each change is one push, so a panic leaves it whole.
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state of the proxy, which is in this process.
    pub(super) async fn routes(&self) -> io::Result<RouterState> {
        self.proxy.read().await.map_err(io::Error::other)
    }

    pub(super) async fn save(&self, ledger: &Ledger) -> io::Result<()> {
        state::save(&self.directory.state(), ledger).await
    }

    /// Asks every unit that runs whether it is well, all at once.
    pub(super) async fn ask_units(&self) -> Result<(), RuntimeError> {
        let units = self.runtime.list().await?;
        self.healths().keep(|name| units.iter().any(|unit| unit.spec.name == *name));
        let book = self.book.lock().await;
        let upstreams: Vec<Upstream> = units.iter().map(|unit| book.upstream(unit)).collect();
        drop(book);
        let mut asked = JoinSet::new();
        for (unit, upstream) in units.into_iter().zip(upstreams) {
            let UnitState::Running { pid } = unit.state else { continue };
            asked.spawn(async move {
                let answer = HttpProber.probe(upstream, &check(&unit)).await;
                (unit.spec.name, pid, answer.map(drop).map_err(|error| error.to_string()))
            });
        }
        while let Some(answered) = asked.join_next().await {
            if let Ok((name, pid, answer)) = answered {
                self.healths().note(&name, pid, answer);
            }
        }
        Ok(())
    }

    /// Serves the routes that the ledger and the units make.
    pub(super) async fn route(&self, book: &Book) -> io::Result<()> {
        let units = self.runtime.list().await.map_err(io::Error::other)?;
        let routable = self.routable(book, &units);
        let before = self.routes().await?;
        let Some(table) = next_table(&book.ledger.slots, &routable, &before.table) else {
            return Ok(());
        };
        self.proxy.apply(table).await.map_err(io::Error::other)
    }

    /// Notes the proxy's counters under the routes of this book.
    pub(super) async fn note_counters(&self, book: &Book) {
        if let Ok(state) = self.routes().await {
            self.history().note(os::wall(), &book.ledger.slots, &state);
        }
    }

    fn routable(&self, book: &Book, units: &[UnitStatus]) -> Vec<Routable> {
        let healths = self.healths();
        let routable = |unit: &UnitStatus| {
            let UnitState::Running { pid } = unit.state else { return None };
            let well = healths.is_well(&unit.spec.name, pid);
            Some(Routable {
                release: unit.spec.release.clone(),
                upstream: book.upstream(unit),
                well,
            })
        };
        let stays = |unit: &&UnitStatus| !book.leaving.contains_key(&unit.spec.name);
        units.iter().filter(stays).filter_map(routable).collect()
    }

    /// Whether the unit answered its last health check.
    pub(super) fn is_ready(&self, unit: &UnitStatus) -> bool {
        match unit.state {
            UnitState::Running { pid } => self.healths().is_ready(&unit.spec.name, pid),
            _ => false,
        }
    }

    /// How many units of the release stay and are ready.
    pub(super) fn ready(&self, book: &Book, units: &[UnitStatus], release: &ReleaseId) -> u16 {
        let counts = |unit: &&UnitStatus| {
            unit.spec.release == *release
                && !book.leaving.contains_key(&unit.spec.name)
                && self.is_ready(unit)
        };
        u16::try_from(units.iter().filter(counts).count()).unwrap_or(u16::MAX)
    }
}

impl Book {
    /// The book of a daemon that has seen nothing yet.
    pub(super) fn of(ledger: Ledger) -> Self {
        let (leaving, given_up, troubles) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { ledger, leaving, given_up, troubles }
    }

    /// Where the unit is reached.
    pub(super) fn upstream(&self, unit: &UnitStatus) -> Upstream {
        let berth = self.ledger.berths.get(&unit.spec.release);
        let protocol = berth.map(|berth| berth.spec.protocol).unwrap_or_default();
        let address = SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, unit.spec.port));
        Upstream { address, protocol }
    }
}

fn check(unit: &UnitStatus) -> HealthCheck {
    HealthCheck {
        path: unit.spec.artifact.health.clone(),
        release: unit.spec.release.clone(),
        identity: unit.spec.artifact.identity,
        deadline: HEALTH_DEADLINE,
    }
}
