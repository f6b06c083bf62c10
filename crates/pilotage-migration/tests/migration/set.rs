//! Which files are found, and in which order.

use std::fs;
use std::path::Path;

use pilotage_migration::set::{SetError, discover};

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        fs::write(path, "SELECT 1;").expect("a file");
    }
    folder
}

fn found(folder: &Path) -> Vec<String> {
    let entries = discover(&[folder.to_owned()]).expect("there are files");
    let relative = |path: &Path| path.strip_prefix(folder).expect("inside").display().to_string();
    entries.iter().map(|entry| relative(&entry.path)).collect()
}

#[test]
fn files_come_in_the_order_in_which_they_run() {
    let flyway =
        folder(&["V10__c.sql", "V2__b.sql", "V1_1__a.sql", "R__z.sql", "U2__b.sql", "x.txt"]);
    assert_eq!(found(flyway.path()), ["V1_1__a.sql", "V2__b.sql", "V10__c.sql", "R__z.sql"]);
    let sqlx = folder(&["2_b.up.sql", "2_b.down.sql", "10_c.sql", "1_a.sql"]);
    assert_eq!(found(sqlx.path()), ["1_a.sql", "2_b.up.sql", "10_c.sql"]);
    let prisma = folder(&["20260201_b/migration.sql", "20260101_a/migration.sql"]);
    assert_eq!(found(prisma.path()), ["20260101_a/migration.sql", "20260201_b/migration.sql"]);
}

#[test]
fn an_empty_folder_is_an_error() {
    let empty = folder(&["a.txt"]);
    let paths = [empty.path().to_owned()];
    assert!(matches!(discover(&paths), Err(SetError::None { .. })));
}
