//! One connection to a PostgreSQL.

use core::fmt::{self, Debug, Formatter};
use std::error::Error;

use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::address::PostgresAddress;
use super::tls;
use crate::migrated::Row;
use crate::trouble::Trouble;

/// One connection. What carries its bytes ends with it.
pub(crate) struct Connection {
    pub(super) client: Client,
    carrier: JoinHandle<()>,
}

impl Connection {
    pub(super) async fn open(address: &PostgresAddress) -> Result<Self, Trouble> {
        let config = address.config();
        if config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = config.connect(NoTls).await.map_err(refused)?;
            let carrier = tokio::spawn(async move { drop(connection.await) });
            return Ok(Self { client, carrier });
        }
        let tls = tls::connector(address.root()).map_err(Trouble::Refused)?;
        let (client, connection) = config.connect(tls).await.map_err(refused)?;
        let carrier = tokio::spawn(async move { drop(connection.await) });
        Ok(Self { client, carrier })
    }

    /// The rows of a statement, as text; nothing is prepared, so that it goes through whatever is
    /// in between.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<Row>, Trouble> {
        let messages = self.client.simple_query(sql).await.map_err(trouble)?;
        let row = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
            }
            _ => None,
        };
        Ok(messages.into_iter().filter_map(row).collect())
    }

    /// The first column of the rows of a statement.
    pub(super) async fn column(&self, sql: &str) -> Result<Vec<Option<String>>, Trouble> {
        let rows = self.rows(sql).await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next()).collect())
    }

    /// The first column of the only row.
    pub(super) async fn value(&self, sql: &str) -> Result<String, Trouble> {
        let cell = self.column(sql).await?.into_iter().next().flatten();
        cell.ok_or_else(|| Trouble::Refused(format!("`{sql}` gave no value").into()))
    }

    /// Whether nothing can be written there.
    pub(super) async fn is_read_only(&self) -> Result<bool, Trouble> {
        let sql = "select pg_is_in_recovery() or current_setting('transaction_read_only')::bool";
        Ok(self.value(sql).await? == "t")
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.carrier.abort();
    }
}

impl Debug for Connection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("closed", &self.is_closed()).finish_non_exhaustive()
    }
}

/// A text as SQL writes it, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Nothing can have been done by who was not let in.
fn refused(error: tokio_postgres::Error) -> Trouble {
    Trouble::Refused(error.into())
}

/// An answer of the server means that nothing was done, unless it says that it goes away.
pub(super) fn trouble(error: tokio_postgres::Error) -> Trouble {
    match error.as_db_error().map(DbError::code) {
        Some(code) if *code == SqlState::UNDEFINED_TABLE => Trouble::NoTable,
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => Trouble::Duplicate,
        Some(code) if is_certain(code) => Trouble::Refused(error.into()),
        _ => Trouble::Unknown(error.into()),
    }
}

/// Whether an answer with this code means that nothing was done.
pub(super) fn is_certain(code: &SqlState) -> bool {
    let class = code.code().get(..2).unwrap_or_default();
    !matches!(class, "08" | "57" | "58" | "XX") || *code == SqlState::QUERY_CANCELED
}

/// Whether this is an answer that stays the same until a person changes something.
pub(crate) fn is_final(error: &(dyn Error + 'static)) -> bool {
    let answer =
        error.downcast_ref::<tokio_postgres::Error>().and_then(|error| error.as_db_error());
    answer.is_some_and(|answer| is_certain(answer.code()) && !is_busy(answer.code()))
}

/// Whether the server has too much to do.
fn is_busy(code: &SqlState) -> bool {
    matches!(code.code().get(..2), Some("53" | "55" | "40")) || *code == SqlState::QUERY_CANCELED
}
