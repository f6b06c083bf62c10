//! Speaking to a PostgreSQL in private.

use std::path::Path;

use pilotage_migration::saga::database::{Database as _, Trouble};
use pilotage_rollout::Fence;
use pilotage_sql::Database;
use pilotage_testkit::real;

use crate::servers::address;

fn with(address: &str, root: &Path) -> Database {
    let (before, _) = address.split_once('?').expect("it has parameters");
    let url = format!("{before}?sslmode=verify-full&sslrootcert={}", root.display());
    url.parse().expect("an address")
}

async fn opened(database: &Database) -> Result<(), Trouble> {
    let lease = "harbour-db".parse().expect("a name");
    let session = database.migrated(lease, "a test").open(Fence(1)).await?;
    drop(session);
    Ok(())
}

#[tokio::test]
async fn a_server_is_trusted_if_the_root_that_was_given_vouches_for_it() {
    let Some(address) = address("postgres", "PILOTAGE_TEST_POSTGRES") else { return };
    let Some(root) = real::require("postgres", "PILOTAGE_TEST_POSTGRES_ROOT") else { return };
    opened(&with(&address, &root)).await.expect("it is the one");

    let folder = tempfile::tempdir().expect("a folder");
    let other = folder.path().join("other.pem");
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    write(&other, &made.cert.pem());
    let refused = opened(&with(&address, &other)).await.expect_err("nobody vouches for it");
    assert!(refused.to_string().contains("certificate"), "{refused}");

    write(&other, "nothing");
    let refused = opened(&with(&address, &other)).await.expect_err("there is no root");
    assert!(refused.to_string().contains("holds no certificates"), "{refused}");
    let machine = address.replace("sslmode=disable", "sslmode=require");
    let refused = opened(&machine.parse().expect("an address")).await;
    refused.expect_err("this machine trusts nobody who vouches for it");
}

#[expect(clippy::disallowed_methods, reason = "a certificate is a file")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("it can be written");
}
