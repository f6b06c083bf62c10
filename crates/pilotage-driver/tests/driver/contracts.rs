//! Every implementation in this crate, and every fake, against the contract of its role.

use std::sync::Arc;

use pilotage_driver::file::{FileJournalStore, FileLease, FileLeaseStore};
use pilotage_driver::role::{NoApprovals, NoMetrics, NoProbes, SystemClock};
use pilotage_judge::{MetricName, Reading};
use pilotage_rollout::Span;
use pilotage_rollout::target::MigrationId;
use pilotage_testkit::contract::{self, TargetBench};
use pilotage_testkit::fake::{
    Death, FakeApprovals, FakeClock, FakeJournals, FakeLease, FakeMetrics, FakeMigrator, FakeProbe,
    FakeTarget,
};

use crate::harbour::{CAN, DAWN, new, old};

#[tokio::test(start_paused = true)]
async fn journal_stores() {
    let fake = FakeJournals::default();
    contract::journal_store(&fake, &fake).await;
    let directory = tempfile::tempdir().expect("there is room");
    let place = directory.path().join("journals");
    let (one, other) = (FileJournalStore::new(&place), FileJournalStore::new(&place));
    contract::journal_store(&one, &other).await;
}

#[tokio::test(start_paused = true)]
async fn leases() {
    let clock = Arc::new(FakeClock::new(DAWN));
    let fake = FakeLease::new(Span::from_secs(60), clock, Arc::new(Death::default()));
    contract::lease(&fake, &fake.clone()).await;
    let directory = tempfile::tempdir().expect("there is room");
    let place = directory.path().join("leases");
    let lease = || FileLease::new(&place, "shop").expect("it is a name");
    contract::lease(&lease(), &lease()).await;
}

#[tokio::test]
async fn stores_of_leases() {
    let directory = tempfile::tempdir().expect("there is room");
    let store = || Arc::new(FileLeaseStore::new(directory.path().join("leases")));
    contract::lease_store(store(), store(), Arc::new(SystemClock::new()), "x-").await;
}

#[tokio::test(start_paused = true)]
async fn clocks() {
    contract::clock(&FakeClock::new(DAWN)).await;
}

#[tokio::test]
async fn the_clock_of_this_machine() {
    contract::clock(&SystemClock::new()).await;
}

#[tokio::test(start_paused = true)]
async fn targets() {
    let clock = Arc::new(FakeClock::new(DAWN));
    let fake = FakeTarget::serving(&old(), 4, &[new()], CAN, clock.clone());
    let bench = TargetBench { target: &fake, clock: &*clock, stable: old(), candidate: new() };
    contract::target(&bench).await;
}

#[tokio::test(start_paused = true)]
async fn migrators() {
    let clock = FakeClock::new(DAWN);
    let migration = MigrationId("0001-harmless".into());
    contract::migrator(&FakeMigrator::default(), &clock, migration).await;
}

#[tokio::test(start_paused = true)]
async fn those_who_are_only_asked() {
    let names: Vec<MetricName> =
        ["errors", "latency"].map(|name| name.parse().expect("it is a name")).into();
    let fake = FakeMetrics::showing(Reading::Gauge { stable: 1.0, candidate: 1.0 });
    contract::metrics(&fake, &names, DAWN).await;
    contract::metrics(&NoMetrics, &names, DAWN).await;
    contract::probe(&FakeProbe::default()).await;
    contract::probe(&NoProbes).await;
    contract::approvals(&FakeApprovals::default()).await;
    contract::approvals(&NoApprovals).await;
}
