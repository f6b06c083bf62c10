//! A database of a real server, made for one rehearsal.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;
use tokio::time::timeout;

use crate::error::Trouble;

/// How long a server may take to notice that a connection is gone.
const PATIENCE: Duration = Duration::from_mins(1);

/// A database, and a way to look into it that is not the one under test.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: String,
    address: String,
    is_postgres: bool,
}

impl Database {
    /// Makes an empty database beside the one of this address.
    pub async fn make(address: &str, seed: u64) -> Result<Self, Trouble> {
        let name = format!("pilotage_{seed:016x}");
        let (head, rest) = address.rsplit_once('/').unwrap_or((address, ""));
        let options = rest.split_once('?').map(|(_, options)| format!("?{options}"));
        let own = format!("{head}/{name}{}", options.unwrap_or_default());
        let is_postgres = address.starts_with("postgres");
        let made = Self { name: name.clone(), server: address.into(), address: own, is_postgres };
        made.ask(address, &format!("CREATE DATABASE {name}")).await?;
        made.ask(&made.address, "CREATE TABLE applied (step varchar(99))").await?;
        Ok(made)
    }

    /// Takes it away again.
    pub async fn drop_it(&self) -> Result<(), Trouble> {
        let force = if self.is_postgres { " WITH (FORCE)" } else { "" };
        let text = format!("DROP DATABASE {}{force}", self.name);
        self.ask(&self.server, &text).await.map(drop)
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What the server is called on the command line.
    pub const fn server(&self) -> &'static str {
        if self.is_postgres { "postgres@15" } else { "mariadb@10.11" }
    }

    /// How to sleep, and how to build an index by itself.
    pub(super) const fn words(&self) -> (&'static str, &'static str) {
        if self.is_postgres {
            ("SELECT pg_sleep(0.3)", "CREATE INDEX CONCURRENTLY")
        } else {
            ("DO sleep(0.3)", "CREATE INDEX")
        }
    }

    /// How many rows a step has left.
    pub(super) async fn rows(&self, step: &str) -> Result<i64, Trouble> {
        let text = format!("SELECT count(*) FROM applied WHERE step = '{step}'");
        self.number(&text).await
    }

    /// Whether a table has the one index that it is to have, sound, beside its key.
    pub(super) async fn has_index(&self, table: &str) -> Result<bool, Trouble> {
        let text = if self.is_postgres {
            format!(
                "SELECT count(*) FROM pg_index WHERE indrelid = '{table}'::regclass AND indisvalid"
            )
        } else {
            format!(
                "SELECT count(*) FROM information_schema.statistics WHERE table_schema = \
                 database() AND table_name = '{table}'"
            )
        };
        Ok(self.number(&text).await? == 2)
    }

    /// Whether no session but this one is left, and with it no lock.
    pub(super) async fn is_left_alone(&self) -> Result<bool, Trouble> {
        let text = if self.is_postgres {
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> \
             pg_backend_pid()"
        } else {
            "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> \
             connection_id()"
        };
        let alone = async {
            while self.number(text).await? > 0 {
                pause().await;
            }
            Ok(true)
        };
        timeout(PATIENCE, alone).await.unwrap_or(Ok(false))
    }

    /// Asks for one number.
    pub async fn number(&self, text: &str) -> Result<i64, Trouble> {
        let rows = self.ask(&self.address, text).await?;
        let first = rows.first().and_then(|row| row.parse().ok());
        first.ok_or_else(|| Trouble::otherwise(format!("`{text}` gave {rows:?}")))
    }

    /// Runs a statement; gives the first column of its rows.
    pub async fn ask(&self, address: &str, text: &str) -> Result<Vec<String>, Trouble> {
        let failed = Trouble::when(format!("`{text}` failed"));
        let asked = if self.is_postgres {
            postgres(address, text).await.map_err(std::io::Error::other)
        } else {
            mysql(address, text).await.map_err(std::io::Error::other)
        };
        asked.map_err(failed)
    }
}

async fn postgres(address: &str, text: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let messages = client.simple_query(text).await?;
    let first = |message: &tokio_postgres::SimpleQueryMessage| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    };
    Ok(messages.iter().filter_map(first).collect())
}

async fn mysql(address: &str, text: &str) -> Result<Vec<String>, mysql_async::Error> {
    let opts = mysql_async::Opts::from_url(address)?;
    let mut connection = mysql_async::Conn::new(opts).await?;
    let rows: Vec<mysql_async::Row> = connection.query(text).await?;
    let first = |mut row: mysql_async::Row| row.take_opt::<String, _>(0)?.ok();
    let rows = rows.into_iter().filter_map(first).collect();
    connection.disconnect().await?;
    Ok(rows)
}

#[expect(clippy::disallowed_methods, reason = "a server is asked again and again")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}
