//! The fakes keep the contracts of databases and runners that real ones keep.

use std::sync::Arc;

use async_trait::async_trait;
use pilotage_clock::Clock;
use pilotage_lease::OwnerId;
use pilotage_migration::saga::database::Database;
use pilotage_migration::saga::runner::Runner;
use pilotage_migration::saga::script::Sql;
use pilotage_rollout::Moment;
use pilotage_testkit::contract::{self, MigratedBench, RunnerBench};
use pilotage_testkit::fake::{FakeClock, FakeDatabase, FakeRunner};

use crate::harbour::sql;

#[derive(Debug, Default)]
struct Bench(FakeDatabase);

#[async_trait]
impl MigratedBench for Bench {
    fn database(&self) -> &dyn Database {
        &self.0
    }

    fn row(&self, name: &str) -> Sql {
        sql(name)
    }

    fn table(&self, name: &str) -> Sql {
        sql(name)
    }

    fn broken(&self) -> (Sql, &'static str) {
        self.0.world(|world| world.refused.insert("form t".into()));
        (sql("form t"), "syntax error in `form t`")
    }

    async fn count(&self, name: &str) -> usize {
        self.0.world(|world| world.applied.iter().filter(|applied| *applied == name).count())
    }
}

#[tokio::test(start_paused = true)]
async fn the_fake_keeps_the_contract_of_databases() {
    contract::migrated(&Bench::default()).await;
}

/// A runner whose workers only a test carries out; every process sees the same.
#[derive(Debug)]
struct Runners {
    runner: Arc<FakeRunner>,
    clock: Arc<FakeClock>,
}

#[async_trait]
impl RunnerBench for Runners {
    fn process(&self) -> Arc<dyn Runner> {
        self.runner.clone()
    }

    fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    async fn started(&self, attempt: OwnerId) -> usize {
        std::iter::from_fn(|| self.runner.take()).filter(|it| it.ticket.owner == attempt).count()
    }

    async fn end(&self, attempt: OwnerId) {
        self.runner.ended(attempt, Some(3), "the end");
    }

    fn listens(&self) -> bool {
        false
    }
}

#[tokio::test(start_paused = true)]
async fn the_fake_keeps_the_contract_of_runners() {
    let clock = Arc::new(FakeClock::new(Moment::from_millis(1)));
    contract::runner(&Runners { runner: Arc::default(), clock }).await;
}
