//! Taking and giving up a lease that nobody else wants.

use std::path::Path;
use std::sync::Arc;

use pilotage_clock::SystemClock;
use pilotage_driver::file::FileLeaseStore;
use pilotage_lease::client::{Acquisition, LeaseClient, Waiting};
use pilotage_lease::machine::Claim;
use pilotage_lease::{Card, LeaseStore, OwnerId};
use pilotage_sql::Database;
use pilotage_testkit::fake::FakeLeaseStore;
use pilotage_xtask::bench::{Bar, Line, Measure, Peer};
use pilotage_xtask::metadata::Workspace;
use pilotage_xtask::stopwatch::Stopwatch;
use pilotage_xtask::system::{Lab, Ledger};
use pilotage_xtask::{Error, files, terminal};

use super::counted::Counted;
use xtask::env;
use xtask::here::Here;
use xtask::systems;

const ROUNDS: u32 = 200;
/// One look and one write to take it, one write to give it up.
const CALLS: f64 = 3.0;

/// The real systems that keep leases, and the variables that tell where they are.
pub(crate) const SYSTEMS: [(&str, &str); 2] =
    [("postgres", "PILOTAGE_TEST_POSTGRES"), ("mariadb", "PILOTAGE_TEST_MARIADB")];

/// Measures each store that can be had.
pub(super) fn run(here: &Here) -> Result<Vec<Line>, Error> {
    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let mut lines = measured("memory", Arc::new(FakeLeaseStore::default()))?;
    lines.extend(measured("file", Arc::new(FileLeaseStore::new(folder.path().join("leases"))))?);
    with_databases(here, |databases| {
        for (system, database) in databases {
            lines.extend(measured(system, database.lease_store())?);
        }
        Ok(())
    })?;
    Ok(lines)
}

/// Brings the databases up that can be had, and takes them down again.
pub(super) fn with_databases(
    here: &Here,
    work: impl FnOnce(&[(&'static str, Database)]) -> Result<(), Error>,
) -> Result<(), Error> {
    let wanted = systems::ALL
        .iter()
        .copied()
        .filter(|system| SYSTEMS.iter().any(|(name, _)| *name == system.name()));
    let mut ledger = Ledger::open(&env::ledger(&Workspace::load(&here.root)?))?;
    let lab = Lab::up(&wanted.collect::<Vec<_>>(), &here.host, &mut ledger)?;
    lab.statuses().iter().for_each(|status| terminal::note(status.to_string()));
    let variables = lab.variables();
    let mut databases = Vec::new();
    for (system, variable) in SYSTEMS {
        if let Some(file) = variables.get(variable) {
            let address = files::read(Path::new(file))?;
            databases.push((system, address.trim().parse().map_err(|error| unusable(&error))?));
        }
    }
    let worked = work(&databases);
    lab.down().and(worked)
}

fn measured(case: &str, store: Arc<dyn LeaseStore>) -> Result<Vec<Line>, Error> {
    let counted = Arc::new(Counted::new(store));
    let name = "bench".parse().map_err(|error| unusable(&error))?;
    let client = LeaseClient::new(name, counted.clone(), Arc::new(SystemClock::new()));
    let runtime = runtime()?;
    runtime.block_on(once(&client))?;
    let (before, watch) = (counted.calls(), Stopwatch::start());
    runtime.block_on(async {
        for _ in 0..ROUNDS {
            once(&client).await?;
        }
        Ok::<(), Error>(())
    })?;
    let rounds = f64::from(ROUNDS);
    let millis = watch.elapsed().as_secs_f64() * 1_000.0 / rounds;
    let calls = f64::from(counted.calls() - before) / rounds;
    let line = |unit, ours, bar| Line::new("lease", case, Measure { unit, ours }, Peer::None, bar);
    Ok(vec![line("calls", calls, Bar::OursAtMost(CALLS)), line("ms", millis, Bar::None)])
}

async fn once(client: &LeaseClient) -> Result<(), Error> {
    let owner = OwnerId::random().map_err(|error| unusable(&error))?;
    let claim = Claim::new(owner, Card::of("a bench"));
    match client.acquire(claim, Waiting::NOT, &mut |_| ()).await {
        Ok(Acquisition::Held(mut held)) => {
            held.release("").await.map(drop).map_err(|error| unusable(&error))
        }
        Ok(Acquisition::Busy(busy)) => Err(unusable(&busy)),
        Err(error) => Err(unusable(&error)),
    }
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Output)
}

pub(super) fn unusable(why: &dyn std::fmt::Display) -> Error {
    Error::Malformed { what: "the lease".into(), why: why.to_string(), hint: "see the message" }
}
