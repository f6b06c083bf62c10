//! A session of a MySQL or MariaDB that migrates.

use std::error::Error;

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Params, ServerError, Value};
use pilotage_migration::saga::script::Patience;
use pilotage_migration::saga::sign::{Name, Object, Over};
use pilotage_rollout::Span;

use super::address::MySqlAddress;
use super::connection::{is_certain, trouble};
use super::session::{AWAKE, MySqlSession, open};
use crate::SessionError;
use crate::migrated::{About, Dialect, Row, Server, Sight, Stopped, Words};
use crate::session::Session as _;
use crate::trouble::Trouble;

const DIALECT: Dialect = Dialect {
    schema: "select database()",
    ledger: "create table if not exists pilotage_ledger ( \
        script varchar(255) character set utf8mb4 collate utf8mb4_bin primary key, \
        checksum varchar(128) character set ascii not null, \
        done bigint unsigned not null, steps bigint unsigned not null, \
        state mediumtext character set utf8mb4 not null, fence bigint unsigned not null, \
        written_at timestamp not null default current_timestamp on update current_timestamp) \
        engine = InnoDB row_format = dynamic",
    note: "insert into pilotage_ledger (script, checksum, done, steps, state, fence) \
        values (?, ?, ?, ?, ?, ?) on duplicate key update \
        checksum = values(checksum), done = values(done), steps = values(steps), \
        state = values(state), fence = values(fence)",
};

/// What files change, back to what it is for everybody.
const USUAL: &str = "rollback; set names utf8mb4; set session autocommit = 1, \
    sql_mode = default, foreign_key_checks = default, unique_checks = default, \
    time_zone = default, sql_safe_updates = default, lock_wait_timeout = default, \
    innodb_lock_wait_timeout = default";

/// The longest that a server takes, about a year.
const ENDLESS: u64 = 31_536_000;

/// Opens a session that can be trusted with migrations.
pub(crate) async fn migrate(
    address: &MySqlAddress,
    who: &str,
) -> Result<MySqlSession, SessionError> {
    let mut session = open(address).await?;
    let place = address.place();
    session.prepare(who).await.map_err(|trouble| SessionError::Database {
        place,
        doing: "introducing itself",
        source: trouble.into_source(),
    })?;
    Ok(session)
}

impl MySqlSession {
    async fn prepare(&mut self, who: &str) -> Result<(), Trouble> {
        self.introduce(who).await?;
        let version = self.connection.value::<String>("select version()", ()).await?;
        self.is_mariadb = version.is_some_and(|version| version.contains("MariaDB"));
        let home = self.connection.value::<String>("select database()", ()).await?;
        self.home = home.unwrap_or_default();
        Ok(())
    }

    async fn is_listed(&mut self, sql: &str, values: &[&str]) -> Result<Sight, Trouble> {
        let is_there = !self.rows(sql, values).await?.is_empty();
        Ok(if is_there { Sight::There } else { Sight::Missing })
    }
}

#[async_trait]
impl Server for MySqlSession {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    async fn reset(&mut self) -> Result<(), Trouble> {
        let home = format!("`{}`", self.home.replace('`', "``"));
        let limit = if self.is_mariadb { "; set session max_statement_time = default" } else { "" };
        self.connection.command(&format!("{USUAL}; {AWAKE}{limit}; use {home}")).await
    }

    async fn limit(&mut self, patience: Patience) -> Result<(), Trouble> {
        let seconds = |limit: Span| limit.as_millis().div_ceil(1_000).clamp(1, ENDLESS);
        let lock = patience.lock.map_or(ENDLESS, seconds);
        let mut sql =
            format!("set session lock_wait_timeout = {lock}, innodb_lock_wait_timeout = {lock}");
        if self.is_mariadb {
            let statement = patience.statement.map_or(0, seconds);
            sql = format!("{sql}, max_statement_time = {statement}");
        }
        self.connection.command(&sql).await
    }

    async fn run(&mut self, text: &str) -> Result<(), Stopped> {
        self.connection.conn.query_drop(text).await.map_err(|error| stopped(&error))
    }

    async fn rows(&mut self, sql: &str, values: &[&str]) -> Result<Vec<Row>, Trouble> {
        let conn = &mut self.connection.conn;
        let rows: Result<Vec<mysql_async::Row>, _> = if values.is_empty() {
            conn.query(sql).await
        } else {
            let values = values.iter().map(|value| Value::from(*value)).collect();
            conn.exec(sql, Params::Positional(values)).await
        };
        let cells = |row: mysql_async::Row| row.unwrap().into_iter().map(cell).collect();
        Ok(rows.map_err(trouble)?.into_iter().map(cells).collect())
    }

    async fn look(&mut self, object: &Object) -> Result<Sight, Trouble> {
        let schema = |name: &Name| name.schema.clone().unwrap_or_default();
        match object {
            Object::Table(name) => {
                let sql = "select 1 from information_schema.tables \
                    where table_schema = coalesce(nullif(?, ''), database()) and table_name = ?";
                self.is_listed(sql, &[&schema(name), &name.name]).await
            }
            Object::Column { table, column } => {
                let sql = "select 1 from information_schema.columns \
                    where table_schema = coalesce(nullif(?, ''), database()) and table_name = ? and column_name = ?";
                self.is_listed(sql, &[&schema(table), &table.name, column]).await
            }
            Object::Index { table: Some(table), index } => {
                let sql = "select 1 from information_schema.statistics \
                    where table_schema = coalesce(nullif(?, ''), database()) and table_name = ? and index_name = ?";
                self.is_listed(sql, &[&schema(table), &table.name, &index.name]).await
            }
            Object::Constraint { table, constraint } => {
                let sql = "select 1 from information_schema.table_constraints \
                    where table_schema = coalesce(nullif(?, ''), database()) and table_name = ? and constraint_name = ?";
                self.is_listed(sql, &[&schema(table), &table.name, constraint]).await
            }
            Object::Index { table: None, .. } | Object::Partition { .. } => {
                Ok(Sight::Unclear("this server does not list what it leaves".into()))
            }
        }
    }

    /// A table here has no index that was not built to its end.
    async fn clear_unbuilt(&mut self, _: &Name) -> Result<(), Trouble> {
        Ok(())
    }

    /// A rebuild here is done as a whole, or not at all.
    async fn clear_unswapped(&mut self, _: &Over) -> Result<Option<String>, Trouble> {
        Ok(None)
    }

    async fn end(&mut self, session: &str) -> Result<(), Trouble> {
        let number: u64 = session.parse().unwrap_or_default();
        match self.connection.command(&format!("kill {number}")).await {
            // It has ended by itself.
            Err(Trouble::Refused(_)) | Ok(()) => Ok(()),
            ended => ended,
        }
    }
}

fn cell(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::UInt(number) => Some(number.to_string()),
        other => Some(other.as_sql(true)),
    }
}

const LOCK_WAIT_TIMEOUT: u16 = 1205;
const DEADLOCK: u16 = 1213;

fn stopped(error: &mysql_async::Error) -> Stopped {
    let text = crate::trouble::words(error);
    let mysql_async::Error::Server(answer) = error else {
        return Stopped::Unknown(Words { text, about: About::All });
    };
    let words = Words { about: about(&answer.message), text };
    match answer.code {
        LOCK_WAIT_TIMEOUT | DEADLOCK => Stopped::Locked(words),
        code if is_certain(code) => Stopped::Refused(words),
        _ => Stopped::Unknown(words),
    }
}

/// The server says a line at the end of what it says of syntax.
fn about(message: &str) -> About {
    let line = message.rsplit_once(" at line ").and_then(|(_, line)| line.parse::<usize>().ok());
    line.map_or(About::All, |line| About::Line(line.saturating_sub(1)))
}

/// The server's own word in an error, if there is one.
pub(crate) fn words(error: &(dyn Error + 'static)) -> Option<String> {
    let said = |answer: &ServerError| format!("{} ({})", answer.message, answer.code);
    match error.downcast_ref::<mysql_async::Error>()? {
        mysql_async::Error::Server(answer) => Some(said(answer)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_an_error_is_found_where_the_server_says_one() {
        let message = "You have an error in your SQL syntax near 'form t' at line 3";
        assert_eq!(about(message), About::Line(2));
        assert_eq!(about("Duplicate column name 'a at line x'"), About::All);
    }
}
