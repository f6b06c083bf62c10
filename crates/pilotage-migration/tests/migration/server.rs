//! The labels of the corpus, held against a real server: which statements make others wait while
//! they work through rows.
//!
//! Each statement runs in a transaction, on tables with rows, and is taken back. It blocks if at its
//! end a lock is held that writers wait for, on a table that was there before and that it has read
//! or written as a whole. What it does depends on what it finds, so that the worst of several
//! schemas counts.

use std::collections::BTreeSet;

use pilotage_migration::rule::Class;
use pilotage_testkit::real;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use crate::labels::{Case, cases};

const CORPUS: &str = include_str!("../../corpus/postgres.sql");
const SCHEMAS: &str = include_str!("schemas.sql");

/// Where the label says more or less than what is seen here, by the begin of the statement.
const EXPLAINED: [(&str, &str); 9] = [
    ("ALTER TABLE a ADD COLUMN b bigint PRIMARY KEY", "it fails where there are rows"),
    ("ALTER TABLE a SET ACCESS METHOD", "the server has one access method only: nothing to do"),
    ("ALTER TABLE a DETACH PARTITION", "a moment, but reads of the parent wait as well"),
    ("DROP INDEX a_b_idx", "a moment, but it waits for all readers, and all others for it"),
    ("LOCK TABLE", "as long as the transaction wants, whatever it does meanwhile"),
    ("UPDATE a SET", "no lock of the table: every row of it is locked"),
    ("DELETE FROM a;", "no lock of the table: every row of it is locked"),
    ("WITH gone AS (DELETE", "no lock of the table: every row of it is locked"),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY", "nobody but a refresh writes to it: readers go on"),
];

/// What a statement did to what was there before.
#[derive(Debug, Default)]
struct Seen {
    /// On which relations writers wait for it.
    locked: BTreeSet<String>,
    /// Which it has read as a whole, or written anew.
    worked: BTreeSet<String>,
}

impl Seen {
    fn blocks(&self) -> bool {
        !self.locked.is_disjoint(&self.worked)
    }
}

/// A database of its own, with schemas in which statements are tried.
struct Lab {
    root: Client,
    client: Client,
    name: String,
    schemas: Vec<String>,
    version: u32,
}

#[tokio::test]
async fn a_real_server_agrees_with_the_labels() {
    let Some(file) = real::require("postgres", "PILOTAGE_TEST_POSTGRES") else { return };
    let lab = Lab::open(&read(&file)).await;
    let server = format!("postgres@{}", lab.version);
    let (mut agreed, mut untried, mut explained) = (0, 0, BTreeSet::new());
    let mut unexplained = Vec::new();
    // What nobody can look into is labelled so, whatever it does.
    let is_told = |case: &&Case| !case.classes.contains(&Class::Opaque) && case.holds_for(&server);
    for case in cases(CORPUS, "postgres").iter().filter(is_told) {
        let Some(seen) = lab.worst(case).await else {
            untried += 1;
            continue;
        };
        if seen.blocks() == case.classes.contains(&Class::Locks) {
            agreed += 1;
            continue;
        }
        let told = format!("line {}: {}: {seen:?}", case.line, last(case));
        match EXPLAINED.iter().find(|(begin, _)| last(case).starts_with(begin)) {
            Some((begin, reason)) => {
                println!("{told}: {reason}");
                explained.insert(*begin);
            }
            None => unexplained.push(told),
        }
    }
    lab.close().await;
    println!("{server}: {agreed} agree, {} explained, {untried} not tried", explained.len());
    assert!(unexplained.is_empty(), "the server says otherwise:\n{}", unexplained.join("\n"));
    let idle = EXPLAINED.iter().filter(|(begin, _)| !explained.contains(begin));
    assert_eq!(idle.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "they agree by now");
    assert!(agreed >= 150, "{agreed} are too few to say anything");
}

/// The statement that is labelled; each stands in a line of its own.
fn last(case: &Case) -> &str {
    case.sql.lines().last().unwrap_or_default()
}

impl Lab {
    async fn open(address: &str) -> Self {
        let root = connect(address).await;
        let name = format!("labels_{}", pilotage_lease::OwnerId::random().expect("random numbers"));
        root.batch_execute(&format!("CREATE DATABASE {name}")).await.expect("created");
        let (head, query) = address.split_once('?').unwrap_or((address, ""));
        let (head, _) = head.rsplit_once('/').expect("it names a database");
        let client = connect(&format!("{head}/{name}?{query}")).await;
        let mut schemas = Vec::new();
        let (common, rest) = SCHEMAS.split_once("-- schema ").expect("there are schemas");
        for schema in rest.split("-- schema ") {
            let (schema, tables) = schema.split_once('\n').expect("a name, and its tables");
            let text = format!(
                "CREATE SCHEMA {schema}; SET search_path = {schema}, public; {common} {tables} \
                 ANALYZE"
            );
            client.batch_execute(&text).await.expect(schema);
            schemas.push(schema.to_owned());
        }
        let version = client.query_one("SELECT current_setting('server_version_num')::int", &[]);
        let version: i32 = version.await.expect("it has one").get(0);
        let version = version.unsigned_abs() / 10_000;
        Self { root, client, name, schemas, version }
    }

    /// What a case does where it does most; none if it can be run nowhere.
    async fn worst(&self, case: &Case) -> Option<Seen> {
        let mut worst: Option<Seen> = None;
        for schema in &self.schemas {
            let seen = self.tried(schema, case).await;
            self.client.batch_execute("ROLLBACK").await.expect("taken back");
            let Some(seen) = seen else { continue };
            let is_worst = seen.blocks();
            worst = Some(seen);
            if is_worst {
                break;
            }
        }
        worst
    }

    /// Runs a case, and looks; none if it cannot be run in this schema, or in no transaction.
    async fn tried(&self, schema: &str, case: &Case) -> Option<Seen> {
        let before = case.sql.strip_suffix(last(case)).unwrap_or_default();
        let begin = format!(
            "SET timezone = 'Asia/Tokyo'; SET search_path = {schema}, public; SET statement_timeout = '5s'; BEGIN; CREATE TEMP \
             TABLE known AS SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace \
             AND relkind IN ('r', 'p', 'm'); {before}; CREATE TEMP TABLE was AS SELECT oid, \
             relfilenode, pg_stat_get_xact_tuples_returned(oid) AS told FROM pg_class JOIN known \
             USING (oid)"
        );
        self.client.batch_execute(&begin).await.ok()?;
        self.client.batch_execute(last(case)).await.ok()?;
        let locked = "SELECT DISTINCT relname FROM pg_locks JOIN known ON oid = relation JOIN \
             pg_class USING (oid) WHERE pid = pg_backend_pid() AND granted AND mode IN \
             ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')";
        let worked = "SELECT now.relname FROM was JOIN pg_class now USING (oid) WHERE \
             pg_stat_get_xact_tuples_returned(oid) > told OR (now.relfilenode <> was.relfilenode \
             AND pg_relation_size(oid) > 0)";
        Some(Seen { locked: self.names(locked).await?, worked: self.names(worked).await? })
    }

    async fn names(&self, sql: &str) -> Option<BTreeSet<String>> {
        let messages = self.client.simple_query(sql).await.ok()?;
        let name = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        Some(messages.into_iter().filter_map(name).collect())
    }

    async fn close(self) {
        drop(self.client);
        let drop_it = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        self.root.batch_execute(&drop_it).await.expect("it was ours");
    }
}

async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.expect("let in");
    tokio::spawn(async move { drop(connection.await) });
    client
}

#[expect(clippy::disallowed_methods, reason = "where a system is is in a file")]
pub(crate) fn read(file: &std::path::Path) -> String {
    std::fs::read_to_string(file).expect("it is there").trim().to_owned()
}
