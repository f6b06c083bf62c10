//! What a test does behind the back of what it tests: a database of its own, and a look into it.

use mysql_async::prelude::Queryable as _;
use pilotage_sql::Database;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::servers::{address, unique};

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Postgres,
    MariaDb,
}

/// An empty database that nobody else knows.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    pub(crate) name: String,
}

/// One of each server that is there.
pub(crate) async fn each() -> Vec<Own> {
    let mut all = Vec::new();
    for engine in [Engine::Postgres, Engine::MariaDb] {
        all.extend(own(engine).await);
    }
    all
}

/// A new database on this server, if it is there.
pub(crate) async fn own(engine: Engine) -> Option<Own> {
    let (system, variable) = match engine {
        Engine::Postgres => ("postgres", "PILOTAGE_TEST_POSTGRES"),
        Engine::MariaDb => ("mariadb", "PILOTAGE_TEST_MARIADB"),
    };
    let server = address(system, variable)?;
    let name = unique("db").replace('-', "_").to_lowercase();
    query(engine, &server, &format!("create database {name}")).await;
    let (before, rest) = server.rsplit_once('/').expect("it names a database");
    let parameters = rest.split_once('?').map(|(_, rest)| format!("?{rest}")).unwrap_or_default();
    let own = Own { engine, url: format!("{before}/{name}{parameters}"), name };
    own.query("create table harbour (name varchar(40) not null)").await;
    Some(own)
}

impl Own {
    pub(crate) fn database(&self) -> Database {
        self.url.parse().expect("an address")
    }

    /// The first column of what it answers.
    pub(crate) async fn query(&self, sql: &str) -> Vec<String> {
        query(self.engine, &self.url, sql).await
    }

    pub(crate) async fn number(&self, sql: &str) -> usize {
        let rows = self.query(sql).await;
        rows.first().and_then(|row| row.parse().ok()).expect("a number")
    }

    /// How many rows and how many tables or indexes have this name.
    pub(crate) async fn count(&self, name: &str) -> usize {
        let rows = format!("select count(*) from harbour where name = '{name}'");
        let made = match self.engine {
            Engine::Postgres => format!("select count(*) from pg_class where relname = '{name}'"),
            Engine::MariaDb => format!(
                "select count(*) from information_schema.tables \
                 where table_schema = '{}' and table_name = '{name}'",
                self.name
            ),
        };
        self.number(&rows).await + self.number(&made).await
    }

    /// Ends whatever worker there is, whatever it is doing, again and again.
    pub(crate) async fn end_workers(&self, every: core::time::Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            match self.engine {
                Engine::Postgres => {
                    let sql = "select pg_terminate_backend(pid) from pg_stat_activity \
                        where datname = current_database() and application_name like 'pilotage%'";
                    self.query(sql).await;
                }
                Engine::MariaDb => self.kill_claimant().await,
            }
        }
    }

    /// There may be no claimant yet, or none any more.
    async fn kill_claimant(&self) {
        let claimant = mysql(&self.url, "select session_id from pilotage_fence").await;
        if let Some(number) = claimant.ok().and_then(|numbers| numbers.into_iter().next()) {
            let _ = mysql(&self.url, &format!("kill {number}")).await;
        }
    }
}

/// Somebody who uses the table and does not end.
#[derive(Debug)]
pub(crate) enum Occupant {
    Postgres(tokio_postgres::Client),
    MariaDb(Box<mysql_async::Conn>),
}

impl Own {
    /// Uses the table, until that is told to leave.
    pub(crate) async fn occupy(&self) -> Occupant {
        let read = "select count(*) from harbour";
        match self.engine {
            Engine::Postgres => {
                let (client, connection) =
                    tokio_postgres::connect(&self.url, NoTls).await.expect("it is there");
                tokio::spawn(connection);
                client.batch_execute(&format!("begin; {read}")).await.expect("it answers");
                Occupant::Postgres(client)
            }
            Engine::MariaDb => {
                let opts = mysql_async::Opts::from_url(&self.url).expect("an address");
                let mut conn = mysql_async::Conn::new(opts).await.expect("it is there");
                conn.query_drop("start transaction").await.expect("it answers");
                conn.query_drop(read).await.expect("it answers");
                Occupant::MariaDb(Box::new(conn))
            }
        }
    }
}

impl Occupant {
    pub(crate) async fn leave(self) {
        match self {
            Self::Postgres(client) => client.batch_execute("commit").await.expect("it answers"),
            Self::MariaDb(mut conn) => conn.query_drop("commit").await.expect("it answers"),
        }
    }
}

async fn query(engine: Engine, url: &str, sql: &str) -> Vec<String> {
    match engine {
        Engine::Postgres => postgres(url, sql).await,
        Engine::MariaDb => mysql(url, sql).await.expect("it answers"),
    }
}

async fn postgres(url: &str, sql: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("it is there");
    let carrier = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.expect("it answers");
    drop(client);
    // What it was asked for is in force only when the session is over.
    let _ = carrier.await;
    let cell = |message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
        _ => None,
    };
    messages.into_iter().filter_map(cell).collect()
}

async fn mysql(url: &str, sql: &str) -> Result<Vec<String>, mysql_async::Error> {
    let opts = mysql_async::Opts::from_url(url).expect("an address");
    let mut conn = mysql_async::Conn::new(opts).await?;
    let rows = conn.query::<Option<String>, _>(sql).await;
    conn.disconnect().await?;
    Ok(rows?.into_iter().flatten().collect())
}
