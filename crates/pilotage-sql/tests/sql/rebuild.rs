//! What `REINDEX ... CONCURRENTLY` leaves behind when it is stopped is cleared away, and no more.

use core::time::Duration;

use pilotage_migration::saga::database::{Database as _, Found, Lock, Session, Trouble};
use pilotage_migration::saga::error::Failed;
use pilotage_migration::saga::script::{Leap, Sql};
use pilotage_rollout::Fence;
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

use crate::crew::apply;
use crate::folder::{planned, write};
use crate::raw::{self, Engine, Own};

const TABLES: &str = "create table ships (id int primary key, name text); \
    create index by_name on ships (name); \
    create table docks (id int primary key) partition by range (id); \
    create table dock partition of docks for values from (0) to (9); \
    insert into ships select i, 'x' from generate_series(1, 9) i; insert into docks values (1)";

const INVALID: &str = "select count(*) from pg_index where not indisvalid";

/// What is kept, in order.
const KEPT: &str = "select relname::text from pg_class join pg_index on oid = indexrelid \
    where relname ~ '_cc|spare' order by 1";

/// Rests of every kind on both tables, as the server leaves them: some that are in the way, one
/// that has their name and is in use, and one that somebody wants to build anew.
const RESTS: &str = "create index by_name_ccnew on ships (name); \
    create index by_name_ccold1 on ships (name); \
    create index used_ccnew on ships (name); \
    create index spare on ships (name); \
    create index dock_pkey_ccnew on dock (id); \
    update pg_index set indisvalid = false where indexrelid in ('by_name_ccnew'::regclass, \
    'by_name_ccold1'::regclass, 'spare'::regclass, 'dock_pkey_ccnew'::regclass)";

const CLEAR: &str = "drop index if exists by_name_ccnew, by_name_ccold1, used_ccnew, spare, \
    dock_pkey_ccnew";

async fn own() -> Option<Own> {
    let own = raw::own(Engine::Postgres).await?;
    own.query(TABLES).await;
    Some(own)
}

/// The only statement of a file.
fn statement(own: &Own, text: &str) -> Sql {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "1.sql", text);
    let script = planned(own.engine, folder.path()).remove(0);
    match script.leaps.into_iter().next() {
        Some(Leap::Alone(sql)) => sql,
        other => panic!("it runs by itself, and not as {other:?}"),
    }
}

async fn session(own: &Own) -> Box<dyn Session> {
    let database = own.database().migrated("rebuild".parse().expect("a name"), "a test");
    let mut session = database.open(Fence(1)).await.expect("it can be opened");
    assert_eq!(session.try_lock().await.expect("it can be asked for"), Lock::Ours);
    session.claim().await.expect("no other fence is known");
    session
}

#[tokio::test]
async fn only_what_is_of_no_use_goes_and_only_where_it_was_built() {
    let Some(own) = own().await else { return };
    let mut session = session(&own).await;
    let of_ships = ["dock_pkey_ccnew", "spare", "used_ccnew"];
    let of_docks = ["by_name_ccnew", "by_name_ccold1", "spare", "used_ccnew"];
    let of_all = ["spare", "used_ccnew"];
    for (text, kept) in [
        ("reindex table concurrently ships;", &of_ships[..]),
        ("reindex index concurrently spare;", &of_ships),
        ("reindex (concurrently) table docks;", &of_docks),
        ("reindex index concurrently docks_pkey;", &of_docks),
        ("reindex schema concurrently public;", &of_all),
        ("reindex schema concurrently another;", &[&of_docks[..2], &of_ships].concat()),
        ("reindex database concurrently;", &of_all),
    ] {
        own.query(RESTS).await;
        let found = session.find_out(&statement(&own, text)).await.expect("it can be asked");
        assert_eq!(found, Found::Absent, "it may be run again: {text}");
        assert_eq!(own.query(KEPT).await, kept, "{text}");
        own.query(CLEAR).await;
    }
    session.close().await.expect("it had the lock");
}

/// Longer than anything takes on a busy machine.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(Duration::from_mins(2), work).await.expect("it comes to its end")
}

async fn guard(own: &Own, sql: &str) -> Client {
    let (guard, connection) = tokio_postgres::connect(&own.url, NoTls).await.expect("it is there");
    tokio::spawn(connection);
    guard.batch_execute(sql).await.expect("it can be");
    guard
}

#[tokio::test]
async fn a_rebuild_that_was_ended_is_begun_again_without_its_rests() {
    for (table, indexes) in [("ships", 2), ("docks", 1)] {
        let Some(own) = own().await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        write(
            folder.path(),
            &format!("{table}.sql"),
            &format!("reindex table concurrently {table};"),
        );
        let scripts = planned(own.engine, folder.path());
        // Whoever still sees how it was before keeps the new index from taking its place.
        let seen = "begin isolation level repeatable read; select 1";
        let guard = guard(&own, seen).await;
        let database = own.database();
        let worker = apply(&own, &database, table, &scripts);
        let death = async {
            while own.number(INVALID).await < indexes {}
            let end = "select pg_terminate_backend(pid) from pg_stat_activity \
                where query like 'reindex%' and datname = current_database()";
            own.query(end).await;
        };
        let (ended, ()) = in_time(Box::pin(async { tokio::join!(worker, death) })).await;
        let error = ended.expect_err("it was ended");
        assert!(matches!(error, Failed::Database(Trouble::Away { .. })), "{error}");
        assert!(own.number(INVALID).await >= indexes, "they are half built");
        guard.batch_execute("rollback").await.expect("it can be");
        assert_eq!(apply(&own, &database, table, &scripts).await.expect("it is"), 1);
        assert_eq!(own.number(INVALID).await, 0);
        assert_eq!(own.query(KEPT).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_others_are_building_is_left_to_them() {
    let Some(own) = own().await else { return };
    own.query(RESTS).await;
    let mut session = session(&own).await;
    let guard = guard(&own, "begin; delete from ships where id = 1").await;
    let build = own.query("create index concurrently theirs on ships (id)");
    let look = async {
        while own.number("select count(*) from pg_stat_progress_create_index").await == 0 {}
        let sql = statement(&own, "reindex table concurrently ships;");
        let found = session.find_out(&sql).await.expect("it can be asked");
        let Found::Unclear { reason } = &found else { panic!("{found:?}") };
        assert!(reason.contains("somebody is building just now"), "{reason}");
        assert_eq!(own.query(KEPT).await.len(), 5, "nothing goes");
        guard.batch_execute("rollback").await.expect("it can be");
    };
    in_time(Box::pin(async { tokio::join!(build, look) })).await;
    session.close().await.expect("it had the lock");
}
