//! The contract of databases that are migrated, kept by real ones.

use async_trait::async_trait;
use pilotage_migration::saga::database::{Database as _, Trouble};
use pilotage_migration::saga::script::{Patience, Sql};
use pilotage_migration::saga::sign::{Name, Object, Sign, Trace};
use pilotage_migration::sql::Place;
use pilotage_rollout::Fence;
use pilotage_sql::{Database, Migrated};
use pilotage_testkit::contract::{self, MigratedBench};

use crate::raw::{self, Engine, Own};
use crate::servers::{WRITABLE, address, database};

struct Bench {
    own: Own,
    migrated: Migrated,
}

fn migrated(database: &Database) -> Migrated {
    database.migrated("harbour-db".parse().expect("a name"), "a test; it's 'quoted'")
}

/// A statement that makes something of this name and cannot be taken back.
pub(crate) fn apart(engine: Engine, name: &str) -> Sql {
    let named = |name: &str| Name { schema: None, name: name.into() };
    let (text, of) = match engine {
        Engine::Postgres => (
            format!("create index concurrently {name} on harbour (name)"),
            Object::Index { table: Some(named("harbour")), index: named(name) },
        ),
        Engine::MariaDb => (format!("create table {name} (i int)"), Object::Table(named(name))),
    };
    Sql { sign: Sign::Seen(vec![Trace::present(of)]), ..Sql::new(text, Patience::ENDLESS) }
}

pub(crate) fn row(name: &str) -> Sql {
    Sql::new(format!("insert into harbour values ('{name}')"), Patience::ENDLESS)
}

#[async_trait]
impl MigratedBench for Bench {
    fn database(&self) -> &dyn pilotage_migration::saga::database::Database {
        &self.migrated
    }

    fn row(&self, name: &str) -> Sql {
        row(name)
    }

    fn table(&self, name: &str) -> Sql {
        apart(self.own.engine, name)
    }

    fn broken(&self) -> (Sql, &'static str) {
        let at = Place { line: 7, column: 3 };
        let words = match self.own.engine {
            Engine::Postgres => "line 8, column 8: syntax error at or near \"t\" (42601)",
            Engine::MariaDb => "line 8, column 1: You have an error in your SQL syntax",
        };
        (Sql { at, ..Sql::new("select 1\n  form t", Patience::ENDLESS) }, words)
    }

    async fn count(&self, name: &str) -> usize {
        self.own.count(name).await
    }
}

#[tokio::test]
async fn real_databases_keep_the_contract() {
    for own in raw::each().await {
        let migrated = migrated(&own.database());
        contract::migrated(&Bench { own, migrated }).await;
    }
}

async fn refused(database: &Database) -> Trouble {
    migrated(database).open(Fence(1)).await.map(drop).expect_err("it cannot be migrated")
}

#[tokio::test]
async fn poolers_and_replicas_are_unfit() {
    for (system, variable, why) in [
        ("pgbouncer", "PILOTAGE_TEST_PGBOUNCER", "direct address"),
        ("postgres", "PILOTAGE_TEST_POSTGRES_STANDBY", "address of the primary"),
        ("mariadb", "PILOTAGE_TEST_MARIADB_READ_ONLY", "address of the primary"),
    ] {
        let Some(database) = database(system, variable) else { continue };
        let trouble = refused(&database).await;
        let Trouble::Unfit { reason, .. } = &trouble else { panic!("{trouble}") };
        assert!(reason.contains(why), "{trouble}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_told_from_a_server_that_is_away() {
    for (system, variable) in WRITABLE {
        let Some(address) = address(system, variable) else { continue };
        let wrong = address.replace("pilotage@", "hush@").parse().expect("an address");
        let trouble = refused(&wrong).await;
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble}");
        assert!(!trouble.to_string().contains("hush"), "{trouble}");
    }
    for url in ["postgres://x:y@127.0.0.1:1/z", "mysql://x:y@127.0.0.1:1/z"] {
        let trouble = refused(&url.parse().expect("an address")).await;
        assert!(matches!(trouble, Trouble::Away { .. }), "{trouble}");
    }
}
