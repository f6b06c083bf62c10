//! A folder of files, from the disk to the database.

use std::path::Path;

use pilotage_migration::lint::Options;
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::next::Refusal;
use pilotage_migration::saga::plan::plan;
use pilotage_migration::saga::script::Script;
use pilotage_migration::set::discover;

use pilotage_migration::saga::database::{Database as _, Found, Leapt, Lock};
use pilotage_migration::saga::script::Leap;
use pilotage_rollout::Fence;

use crate::crew::{apply, lines};
use crate::raw::{self, Engine, Own};

#[expect(clippy::disallowed_methods, reason = "migrations are files on the disk")]
pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("it can be written");
}

pub(crate) fn planned(engine: Engine, folder: &Path) -> Vec<Script> {
    let server = match engine {
        Engine::Postgres => "postgres@15",
        Engine::MariaDb => "mariadb@10.11",
    };
    let server = server.parse().expect("a server");
    let options = Options { server, applied_together: true, running: None };
    let entries = discover(&[folder.to_path_buf()]).expect("there are files");
    plan(&entries, options).expect("they can be run").scripts
}

async fn run(own: &Own, folder: &Path) -> Result<u32, Failed> {
    apply(own, &own.database(), "folder", &planned(own.engine, folder)).await
}

fn index(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "create index concurrently ships_by_name on ships (name);",
        Engine::MariaDb => "create index ships_by_name on ships (name);",
    }
}

#[tokio::test]
async fn a_folder_is_applied_and_goes_on_after_what_was_wrong_is_mended() {
    for own in raw::each().await {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        write(path, "1_ships.sql", "create table ships (name varchar(40) not null);\n");
        write(path, "2_index.sql", index(own.engine));
        write(
            path,
            "3_rows.sql",
            "insert into ships values ('Ada');\n\n  insert into shps values (1);",
        );
        let error = run(&own, path).await.expect_err("there is no such table");
        let told = error.to_string();
        assert!(told.contains("`3_rows.sql` failed") && told.contains("line 3, column"), "{told}");
        assert!(told.contains("shps"), "{told}");
        let rows = "select count(*) from ships";
        assert_eq!(own.number(rows).await, 0, "nothing of it stays");
        write(
            path,
            "3_rows.sql",
            "insert into ships values ('Ada');\ninsert into ships values ('Bo');",
        );
        assert_eq!(run(&own, path).await.expect("it is mended"), 1);
        assert_eq!(own.number(rows).await, 2);
        assert_eq!(run(&own, path).await.expect("nothing is left"), 0);
        assert_eq!(lines(&own).await, (3, 3));

        write(path, "1_ships.sql", "create table ships (name varchar(80) not null);\n");
        let refused = run(&own, path).await.expect_err("it was changed");
        let Failed::Refused(Refusal::Changed { script, .. }) = &refused else {
            panic!("{refused}")
        };
        assert_eq!(script.0, "1_ships.sql");
    }
}

#[tokio::test]
async fn what_a_file_sets_ends_with_it_and_holds_to_its_end() {
    for own in raw::each().await {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let (set, alone, shown) = match own.engine {
            Engine::Postgres => (
                "create schema port; set search_path = port;",
                "create table t (i int); create index concurrently t_i on t (i);",
                "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace \
                 where (nspname, relname) in (('port', 't'), ('port', 't_i'), ('public', 'u'))",
            ),
            Engine::MariaDb => (
                "set foreign_key_checks = 0;",
                "create table t (i int, foreign key (i) references not_yet (i));\n\
                 create table v (i int, foreign key (i) references not_yet (i));",
                "select count(*) from information_schema.tables \
                 where table_schema = database() and table_name in ('t', 'u', 'v')",
            ),
        };
        write(path, "1.sql", &format!("{set}\n{alone}"));
        write(path, "2.sql", "create table u (i int);");
        run(&own, path).await.expect("nothing is wrong");
        assert_eq!(own.number(shown).await, 3);
    }
}

/// Statements that run by themselves, each of which finds what those before it have left.
fn alone(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "create index concurrently by_name on harbour (name);\n\
             drop index concurrently by_name;\n\
             alter table docks detach partition dock concurrently;"
        }
        Engine::MariaDb => {
            "alter table harbour add column a int, add b text;\n\
             alter table harbour add index by_a (a), add constraint a_is_good check (a > 0);\n\
             create unique index by_name on harbour (name);\n\
             alter table harbour rename column a to c;\n\
             alter table harbour drop constraint a_is_good, drop index by_name;\n\
             create table if not exists quay (i int);\n\
             create view berths as select 1;\n\
             rename table quay to pier;\n\
             drop table pier;"
        }
    }
}

#[tokio::test]
async fn what_runs_by_itself_is_seen_by_what_it_leaves() {
    for own in raw::each().await {
        if own.engine == Engine::Postgres {
            own.query("create table docks (i int) partition by range (i)").await;
            own.query("create table dock partition of docks for values from (0) to (9)").await;
        }
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "1.sql", alone(own.engine));
        let scripts = planned(own.engine, folder.path());
        let database = own.database().migrated("signs".parse().expect("a name"), "a test");
        let mut session = database.open(Fence(1)).await.expect("it can be opened");
        assert_eq!(session.try_lock().await.expect("it can be asked for"), Lock::Ours);
        session.claim().await.expect("no other fence is known");
        for leap in &scripts.first().expect("one file").leaps {
            let Leap::Alone(sql) = leap else { panic!("{leap:?}") };
            let before = session.find_out(sql).await.expect("it can be asked");
            assert_eq!(before, Found::Absent, "before `{}`", sql.text);
            assert_eq!(session.alone(sql).await, Leapt::Applied);
            let after = session.find_out(sql).await.expect("it can be asked");
            assert_eq!(after, Found::Applied, "after `{}`", sql.text);
        }
        session.close().await.expect("it had the lock");
    }
}

#[tokio::test]
async fn a_routine_that_fails_leaves_a_doubt_and_the_words_of_the_server() {
    let Some(own) = raw::own(Engine::MariaDb).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "1.sql", "call no_such_routine();");
    let error = run(&own, folder.path()).await.expect_err("there is none");
    assert!(matches!(error, Failed::Doubtful { .. }), "{error}");
    for words in ["no_such_routine does not exist", "a part of it may be done"] {
        assert!(error.to_string().contains(words), "`{words}` in {error}");
    }
}
