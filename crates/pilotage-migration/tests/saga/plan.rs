//! From folders of files to what is run.

use std::path::Path;

use pilotage_artifact::Digest;
use pilotage_migration::lint::Options;
use pilotage_migration::saga::next::{Gaps, Refusal, next};
use pilotage_migration::saga::plan::{Plan, PlanError, plan};
use pilotage_migration::saga::script::Leap;
use pilotage_migration::saga::{ledger::Entry, script::Script};
use pilotage_migration::set::discover;
use pilotage_rollout::Fence;

#[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
fn write(folder: &Path, name: &str, content: &[u8]) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn planned(folder: &Path) -> Result<Plan, PlanError> {
    let server = "postgres@15".parse().unwrap();
    let options = Options { server, applied_together: true, running: None };
    plan(&discover(&[folder.to_path_buf()])?, options)
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        write(folder.path(), name, content.as_bytes());
    }
    folder
}

fn refused(files: &[(&str, &str)]) -> String {
    planned(folder(files).path()).unwrap_err().to_string()
}

#[test]
fn a_folder_is_run_in_the_order_of_its_versions() {
    let folder = folder(&[
        ("expand/10_b.sql", "create table b (i int);\ncreate table c (i int);"),
        ("expand/9_a.sql", "create table a (i int);"),
        ("20260131_init/migration.sql", "create index concurrently i on a (i);"),
        ("expand/9_a.down.sql", "drop table a"),
    ]);
    let Plan { report, scripts } = planned(folder.path()).unwrap();
    let names: Vec<&str> = scripts.iter().map(|script| script.name.0.as_str()).collect();
    assert_eq!(names, ["9_a.sql", "10_b.sql", "20260131_init/migration.sql"]);
    assert_eq!(report.files.len(), 3);
    let first = b"create table a (i int);";
    assert_eq!(scripts[0].checksum, Digest::of(first));
    assert!(matches!(&scripts[1].leaps[..], [Leap::Together(all)] if all.len() == 2));
    assert!(matches!(&scripts[2].leaps[..], [Leap::Alone(_)]));
}

fn applied(script: &Script) -> Entry {
    let blank = Entry::blank(script, Fence(1));
    script.leaps.iter().fold(blank, |entry, _| entry.leapt())
}

#[test]
fn an_applied_file_that_was_changed_is_refused_by_its_name_wherever_it_lies() {
    let before = folder(&[("a/1_a.sql", "create table a (i int)"), ("a/2_b.sql", "select 1")]);
    let ledger: Vec<Entry> = planned(before.path()).unwrap().scripts.iter().map(applied).collect();
    let moved = folder(&[("b/1_a.sql", "create table a (i int)"), ("b/2_b.sql", "select 2")]);
    let scripts = planned(moved.path()).unwrap().scripts;
    let refusal = next(&scripts, &ledger, Gaps::Refused).unwrap_err();
    assert!(matches!(&refusal, Refusal::Changed { script, .. } if script.0 == "2_b.sql"));
    assert!(refusal.to_string().contains("`2_b.sql` was changed"), "{refusal}");
}

#[test]
fn files_that_cannot_be_run_are_refused_with_the_reason() {
    let repeated = refused(&[("R__views.sql", "create or replace view v as select 1")]);
    assert!(repeated.contains("R__views.sql cannot be run: it would run again"), "{repeated}");
    let twice = refused(&[("a/x.sql", "select 1"), ("b/x.sql", "select 1")]);
    assert!(twice.contains("has the name `x.sql` as well"), "{twice}");
    let unended = refused(&[("1.sql", "select 'a")]);
    assert!(unended.contains("1.sql cannot be run"), "{unended}");
}

#[test]
fn what_is_no_text_or_no_migration_is_refused_unrun() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "1.sql", b"-- one\ninsert into a values ('gr\xfc\xdfe');");
    let error = planned(folder.path()).unwrap_err().to_string();
    assert!(error.contains("line 2, column 26: the byte 0xfc is no UTF-8"), "{error}");

    let large = tempfile::tempdir().unwrap();
    write(large.path(), "1.sql", &vec![b'\n'; 50 * 1024 * 1024]);
    let error = planned(large.path()).unwrap_err().to_string();
    assert!(error.contains("larger than 16 MiB"), "{error}");
}

#[test]
fn a_file_as_large_as_is_allowed_is_cut_in_one_pass() {
    let folder = tempfile::tempdir().unwrap();
    let line =
        "insert into harbour values ('a row of some length, so that they are not too many');\n";
    let text = line.repeat(2 * 1024 * 1024 / line.len());
    write(folder.path(), "1.sql", text.as_bytes());
    let scripts = planned(folder.path()).unwrap().scripts;
    let [Leap::Together(all)] = &scripts[0].leaps[..] else { panic!("one transaction") };
    assert_eq!(all.len(), text.lines().count());
    assert_eq!(all.last().unwrap().at.line, all.len());
}
