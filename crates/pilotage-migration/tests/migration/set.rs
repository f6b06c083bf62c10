//! Which files are found, and in which order.

use std::fs;
use std::path::Path;

use pilotage_migration::lint::lint_entries;
use pilotage_migration::set::{SetError, discover, unapplied};

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

#[test]
fn a_version_that_comes_twice_is_refused() {
    let twice = folder(&["V1__a.sql", "V1.0__b.sql", "V2__c.sql"]);
    let entries = discover(&[twice.path().to_owned()]).expect("there are files");
    let report = lint_entries(&entries, crate::options("postgres@16")).expect("they can be read");
    let ids = report.findings().map(|(_, finding)| finding.rule.id).collect::<Vec<_>>();
    assert_eq!(ids, ["same-version-twice"]);
    assert!(!report.files[1].findings.is_empty(), "the second one is it");
}

#[test]
fn what_comes_after_the_last_applied_file_is_left() {
    let set = folder(&["V1__a.sql", "V2__b.sql", "V3__c.sql"]);
    let entries = discover(&[set.path().to_owned()]).expect("there are files");
    assert_eq!(unapplied(&entries, "V2__b.sql").expect("it is there").len(), 1);
    assert!(matches!(unapplied(&entries, "V9__x.sql"), Err(SetError::NoSuchFile { .. })));
}
