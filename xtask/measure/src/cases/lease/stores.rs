//! Taking and giving up a lease that nobody else wants.

use std::path::Path;
use std::sync::Arc;

use pilotage_clock::SystemClock;
use pilotage_driver::file::FileLeaseStore;
use pilotage_kubernetes::{Access, Cluster, KubeLeases};
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
use tokio::runtime::Runtime;

use super::aws;
use super::counted::Counted;
use xtask::env;
use xtask::here::Here;
use xtask::systems;

const ROUNDS: u32 = 200;
/// One look to take it, one write to take it and one to give it up.
const CALLS: [(&str, f64); 2] = [("looks", 1.0), ("writes", 2.0)];

/// The databases that keep leases, and the variables that tell where they are.
pub(crate) const DATABASES: [(&str, &str); 2] =
    [("postgres", "PILOTAGE_TEST_POSTGRES"), ("mariadb", "PILOTAGE_TEST_MARIADB")];
/// All real systems that keep leases.
const SYSTEMS: [(&str, &str); 4] = [
    DATABASES[0],
    DATABASES[1],
    (KUBERNETES, "PILOTAGE_TEST_KUBERNETES"),
    (AWS, "PILOTAGE_TEST_MINISTACK"),
];
const KUBERNETES: &str = "kubernetes";
const AWS: &str = "ministack";

/// Measures each store that can be had.
pub(super) fn run(here: &Here) -> Result<Vec<Line>, Error> {
    let folder = tempfile::tempdir_in(&here.host.temporary).map_err(Error::Output)?;
    let runtime = runtime()?;
    let files = FileLeaseStore::new(folder.path().join("leases"));
    let mut lines = measured(&runtime, "memory", Arc::new(FakeLeaseStore::default()))?;
    lines.extend(measured(&runtime, "file", Arc::new(files))?);
    with_systems(here, |system, place| {
        for (case, store) in runtime.block_on(opened(system, place, folder.path()))? {
            lines.extend(measured(&runtime, case, store)?);
        }
        Ok(())
    })?;
    Ok(lines)
}

/// Brings the systems up that can be had, and takes them down again.
fn with_systems(
    here: &Here,
    mut work: impl FnMut(&'static str, &Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let wanted = systems::ALL
        .iter()
        .copied()
        .filter(|system| SYSTEMS.iter().any(|(name, _)| *name == system.name()));
    let mut ledger = Ledger::open(&env::ledger(&Workspace::load(&here.root)?))?;
    let lab = Lab::up(&wanted.collect::<Vec<_>>(), &here.host, &mut ledger)?;
    lab.statuses().iter().for_each(|status| terminal::note(status.to_string()));
    let variables = lab.variables();
    let worked = SYSTEMS.iter().try_for_each(|(system, variable)| {
        variables.get(*variable).map_or(Ok(()), |place| work(system, Path::new(place)))
    });
    lab.down().and(worked)
}

/// A case, and the store that it measures.
pub(super) type Opened = (&'static str, Arc<dyn LeaseStore>);

/// The leases of a system whose tests find it by this file.
async fn opened(system: &'static str, place: &Path, folder: &Path) -> Result<Vec<Opened>, Error> {
    if system == AWS {
        return aws::opened(place, folder).await;
    }
    if system == KUBERNETES {
        let access = Access::Kubeconfig { file: Some(place.to_path_buf()), context: None };
        let cluster = Cluster::open(&access).await.map_err(|error| unusable(&error))?;
        let namespace = cluster.namespace().clone();
        return Ok(vec![(system, Arc::new(KubeLeases::new(cluster, namespace)))]);
    }
    let address = files::read(place)?;
    let database: Database = address.trim().parse().map_err(|error| unusable(&error))?;
    Ok(vec![(system, database.lease_store())])
}

fn measured(runtime: &Runtime, case: &str, store: Arc<dyn LeaseStore>) -> Result<Vec<Line>, Error> {
    let counted = Arc::new(Counted::new(store));
    let name = "bench".parse().map_err(|error| unusable(&error))?;
    let client = LeaseClient::new(name, counted.clone(), Arc::new(SystemClock::new()));
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
    let line = |unit, ours, bar| Line::new("lease", case, Measure { unit, ours }, Peer::None, bar);
    let calls = CALLS.into_iter().zip(counted.calls()).zip(before);
    let mut lines: Vec<Line> = calls
        .map(|(((unit, most), after), before)| {
            line(unit, f64::from(after - before) / rounds, Bar::OursAtMost(most))
        })
        .collect();
    lines.push(line("ms", millis, Bar::None));
    Ok(lines)
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

pub(super) fn runtime() -> Result<Runtime, Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Output)
}

pub(super) fn unusable(why: &dyn std::fmt::Display) -> Error {
    Error::Malformed { what: "the lease".into(), why: why.to_string(), hint: "see the message" }
}
