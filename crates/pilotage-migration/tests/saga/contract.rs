//! The fake keeps the contract of databases that real ones keep.

use async_trait::async_trait;
use pilotage_migration::saga::database::Database;
use pilotage_migration::saga::script::Sql;
use pilotage_testkit::contract::{self, MigratedBench};
use pilotage_testkit::fake::FakeDatabase;

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
