//! The labels of the corpus, held against a real MariaDB: which statements make others wait while
//! they work through rows.
//!
//! A change of a table is asked to build nothing anew and to let writers go on, which this server
//! refuses if it cannot; it blocks if it is refused so, and done without these words. Any other
//! statement is left in its transaction, while somebody else looks for rows that are not locked.
//! What it does depends on what it finds, so that the worst of several schemas counts.

use std::collections::BTreeSet;

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Opts, OptsBuilder};
use pilotage_migration::rule::Class;
use pilotage_testkit::real;

use crate::labels::{Case, cases};

const CORPUS: &str = include_str!("../../corpus/mysql.sql");
const SCHEMAS: &str = include_str!("schemas_mariadb.sql");

/// Where the label says more or less than what is seen here, by the begin of the statement.
const EXPLAINED: [(&str, &str); 12] = [
    ("ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS", "a copy only where it has partitions"),
    ("ALTER TABLE a DROP COLUMN b", ALL_OF_AN_INDEX),
    ("ALTER TABLE a DROP b", ALL_OF_AN_INDEX),
    ("ALTER TABLE a ADD COLUMN c int, DROP COLUMN b", ALL_OF_AN_INDEX),
    (
        "DELETE FROM a WHERE b IS NULL LIMIT",
        "all that it looks at, if no index finds the last ones",
    ),
    ("ALTER TABLE a ADD COLUMN b int, ALGORITHM=COPY", ITS_OWN_WISH),
    ("ALTER TABLE a ADD INDEX k (b), LOCK=SHARED", ITS_OWN_WISH),
    ("CREATE INDEX k ON a (b) ALGORITHM=COPY", ITS_OWN_WISH),
    ("ALTER TABLE a PARTITION BY", OVER_BY_THEN),
    ("ALTER TABLE a RE", OVER_BY_THEN),
    ("ALTER TABLE a ADD PARTITION PARTITIONS", OVER_BY_THEN),
    ("OPTIMIZE TABLE", OVER_BY_THEN),
];
const ALL_OF_AN_INDEX: &str = "built anew only where the column is all there is of an index";
const ITS_OWN_WISH: &str = "it asks for that itself, and gets it";
const OVER_BY_THEN: &str = "it cannot be asked to refuse, and has ended when anybody can look";

/// Not done in the way that was asked for, and with the reason said.
const NOT_SO: [u16; 2] = [1845, 1846];
/// A lock was not to be had in time.
const KEPT_WAITING: u16 = 1205;

/// A database with tables of one schema.
struct Yard {
    name: String,
    tables: String,
    is_fresh: bool,
}

struct Lab {
    opts: Opts,
    root: Conn,
    yards: Vec<Yard>,
}

#[tokio::test]
async fn a_real_mariadb_agrees_with_the_labels() {
    let Some(file) = real::require("mariadb", "PILOTAGE_TEST_MARIADB") else { return };
    let mut lab = Lab::open(&crate::server::read(&file)).await;
    let version: Option<String> = lab.root.query_first("SELECT version()").await.expect("it says");
    let version = version.expect("it has one");
    let server = format!("mariadb@{}", version.split('-').next().unwrap_or_default());
    let (mut agreed, mut untried, mut explained) = (0, Vec::new(), BTreeSet::new());
    let mut unexplained = Vec::new();
    // What nobody can look into is labelled so, whatever it does.
    let is_told = |case: &&Case| !case.classes.contains(&Class::Opaque) && case.holds_for(&server);
    let all = cases(CORPUS, "mysql");
    for case in all.iter().filter(is_told) {
        let Some(blocks) = lab.worst(case).await else {
            untried.push(last(case));
            continue;
        };
        if blocks == case.classes.contains(&Class::Locks) {
            agreed += 1;
            continue;
        }
        let told = format!("line {}: {}: blocks: {blocks}", case.line, last(case));
        match EXPLAINED.iter().find(|(begin, _)| last(case).starts_with(begin)) {
            Some((begin, reason)) => {
                println!("{told}: {reason}");
                explained.insert(*begin);
            }
            None => unexplained.push(told),
        }
    }
    lab.close().await;
    println!("not tried:\n{}", untried.join("\n"));
    println!(
        "{server}: {agreed} agree, {} explained, {} not tried",
        explained.len(),
        untried.len()
    );
    assert!(unexplained.is_empty(), "the server says otherwise:\n{}", unexplained.join("\n"));
    let idle = EXPLAINED.iter().filter(|(begin, _)| !explained.contains(begin));
    assert_eq!(idle.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "they agree by now");
    assert!(agreed >= 80, "{agreed} are too few to say anything");
}

/// The statement that is labelled; each stands in a line of its own.
fn last(case: &Case) -> &str {
    case.sql.lines().last().unwrap_or_default()
}

/// The statement with a wish that this server does not grant if it has to block; none if there is
/// no place for one in it, or if it is about a table that nobody knows yet.
fn wishing(case: &Case) -> Option<String> {
    let plain = last(case).trim_end_matches(';');
    let is_of_its_own = case.sql.contains("CREATE TABLE a");
    let asks_already = plain.contains("ALGORITHM") || plain.contains("LOCK=");
    let of_parts = plain.contains("PARTITION");
    let between = match plain.split_once(' ')?.0 {
        "ALTER" if plain.starts_with("ALTER TABLE") && !of_parts => ", ",
        "CREATE" if plain.contains("INDEX k") => " ",
        _ => return None,
    };
    let comma = between.trim_end();
    (!asks_already && !is_of_its_own)
        .then(|| format!("{plain}{between}ALGORITHM=NOCOPY{comma} LOCK=NONE"))
}

impl Lab {
    async fn open(address: &str) -> Self {
        let opts = Opts::from_url(address).expect("an address");
        let opts: Opts = OptsBuilder::from_opts(opts).prefer_socket(false).into();
        let root = Conn::new(opts.clone()).await.expect("let in");
        let run = pilotage_lease::OwnerId::random().expect("random numbers").to_string();
        let (common, rest) = SCHEMAS.split_once("-- schema ").expect("there are schemas");
        let yard = |schema: &str| {
            let (schema, tables) = schema.split_once('\n').expect("a name, and its tables");
            let name = format!("labels_{}_{schema}", run.get(..12).expect("it is longer"));
            Yard { name, tables: format!("{common}{tables}"), is_fresh: false }
        };
        let yards = rest.split("-- schema ").map(yard).collect();
        Self { opts, root, yards }
    }

    /// What a case does where it does most; none if it can be run nowhere.
    async fn worst(&mut self, case: &Case) -> Option<bool> {
        let mut worst = None;
        for at in 0..self.yards.len() {
            match self.tried(at, case).await {
                Some(true) => return Some(true),
                Some(false) => worst = Some(false),
                None => {}
            }
        }
        worst
    }

    /// Whether a case blocks in one of the schemas; none if it cannot be run there.
    async fn tried(&mut self, at: usize, case: &Case) -> Option<bool> {
        let yard = &mut self.yards[at];
        yard.freshen(&mut self.root).await;
        let opts: Opts = OptsBuilder::from_opts(self.opts.clone()).db_name(Some(&yard.name)).into();
        let mut conn = Conn::new(opts.clone()).await.expect("let in");
        let before = case.sql.strip_suffix(last(case)).unwrap_or_default();
        conn.query_drop("SET autocommit = 0").await.expect("it can be set");
        let mut is_ready = true;
        for statement in before.lines() {
            yard.is_fresh = false;
            is_ready &= conn.query_drop(statement).await.is_ok();
        }
        let seen = if is_ready { seen(&mut conn, case, opts).await } else { None };
        yard.is_fresh &= seen.is_none();
        conn.disconnect().await.expect("it lets go");
        seen
    }

    async fn close(mut self) {
        for yard in &self.yards {
            let drop_it = format!("DROP DATABASE IF EXISTS {}", yard.name);
            self.root.query_drop(drop_it).await.expect("it was ours");
        }
        self.root.disconnect().await.expect("it lets go");
    }
}

impl Yard {
    async fn freshen(&mut self, root: &mut Conn) {
        if self.is_fresh {
            return;
        }
        let name = &self.name;
        let made = format!(
            "DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4; \
             USE {name}; {}",
            self.tables
        );
        root.query_drop(made).await.expect(name);
        self.is_fresh = true;
    }
}

async fn seen(conn: &mut Conn, case: &Case, opts: Opts) -> Option<bool> {
    let statement = last(case);
    if let Some(wishing) = wishing(case) {
        match conn.query_drop(&wishing).await {
            Ok(()) => return Some(false),
            Err(Error::Server(error)) if NOT_SO.contains(&error.code) => {}
            Err(_) => return None,
        }
        return conn.query_drop(statement).await.is_ok().then_some(true);
    }
    conn.query_drop(statement).await.ok()?;
    let mut other = Conn::new(opts).await.expect("let in");
    let blocks = has_no_free_row(&mut other, "a").await || has_no_free_row(&mut other, "b").await;
    other.disconnect().await.expect("it lets go");
    Some(blocks)
}

/// Whether there are rows, and none of them can be changed.
async fn has_no_free_row(other: &mut Conn, table: &str) -> bool {
    let patience = "SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1";
    other.query_drop(patience).await.expect("it can be set");
    let free = format!("SELECT 1 FROM {table} FOR UPDATE SKIP LOCKED");
    match other.query::<u8, _>(free).await {
        Ok(rows) if rows.is_empty() => {}
        Err(Error::Server(error)) if error.code == KEPT_WAITING => return true,
        // Some rows are free, or there is no such table any more.
        _ => return false,
    }
    let all = other.query_first::<u64, _>(format!("SELECT count(*) FROM {table}")).await;
    all.expect("it can be read") > Some(0)
}
