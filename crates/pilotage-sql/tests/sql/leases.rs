//! The contract of stores, kept by real databases.

use std::sync::Arc;

use pilotage_clock::SystemClock;
use pilotage_lease::Course;
use pilotage_sql::Database;
use pilotage_testkit::contract;

use crate::servers::{WRITABLE, database, unique};

#[tokio::test]
async fn real_databases_keep_leases() {
    for (system, variable) in WRITABLE {
        let Some(database) = database(system, variable) else { continue };
        let clock = Arc::new(SystemClock::new());
        let (one, other) = (database.lease_store(), database.lease_store());
        contract::lease_store(one, other, clock, &unique("lease")).await;
    }
}

#[tokio::test]
async fn a_replica_is_refused() {
    let replicas = [
        ("postgres", "PILOTAGE_TEST_POSTGRES_STANDBY"),
        ("mariadb", "PILOTAGE_TEST_MARIADB_READ_ONLY"),
    ];
    for (system, variable) in replicas {
        let Some(replica) = database(system, variable) else { continue };
        let read = replica.lease_store().read(&"shop".parse().expect("a name")).await;
        let error = read.expect_err("what it shows may be old");
        assert_eq!(error.course, Course::Stays, "{error}");
        let error = error.to_string();
        assert!(error.contains("replica"), "{error}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error() {
    for url in ["postgres://x:y@127.0.0.1:1/z", "mysql://x:y@127.0.0.1:1/z"] {
        let database: Database = url.parse().expect("an address");
        let read = database.lease_store().read(&"shop".parse().expect("a name")).await;
        let error = read.expect_err("nobody listens");
        assert_eq!(error.course, Course::Passes, "{error}");
        let error = error.to_string();
        assert!(error.contains("127.0.0.1:1"), "{error}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_an_error() {
    for (system, variable) in WRITABLE {
        let Some(address) = crate::servers::address(system, variable) else { continue };
        let wrong: Database = address.replace("pilotage@", "wrong@").parse().expect("an address");
        let read = wrong.lease_store().read(&"shop".parse().expect("a name")).await;
        let error = read.expect_err("nobody is let in");
        assert_eq!(error.course, Course::Stays, "{error}");
        let error = error.to_string();
        assert!(!error.contains("wrong"), "the password is not shown: {error}");
    }
}
