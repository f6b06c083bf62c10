//! A session of a PostgreSQL that migrates.

use std::error::Error;

use async_trait::async_trait;
use pilotage_migration::saga::script::Patience;
use pilotage_migration::saga::sign::{Name, Object, Over};
use pilotage_rollout::Span;
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};

use super::address::PostgresAddress;
use super::connection::{is_certain, quoted};
use super::rebuild::unswapped;
use super::session::{AWAKE, PostgresSession, open};
use crate::SessionError;
use crate::migrated::{About, Dialect, Row, Server, Sight, Stopped, Words, only};
use crate::trouble::Trouble;

const DIALECT: Dialect = Dialect {
    schema: "select current_schema()",
    ledger: "create table if not exists pilotage_ledger (script text primary key, \
        checksum text not null, done bigint not null, steps bigint not null, \
        state text not null, fence bigint not null, \
        written_at timestamptz not null default current_timestamp)",
    note: "insert into pilotage_ledger (script, checksum, done, steps, state, fence) \
        values (?, ?, ?, ?, ?, ?) on conflict (script) do update set \
        checksum = excluded.checksum, done = excluded.done, steps = excluded.steps, \
        state = excluded.state, fence = excluded.fence, written_at = current_timestamp",
};

/// Opens a session that can be trusted with migrations.
pub(crate) async fn migrate(
    address: &PostgresAddress,
    who: &str,
) -> Result<PostgresSession, SessionError> {
    let mut session = open(address).await?;
    who.clone_into(&mut session.who);
    let named = session.reset().await;
    let place = address.place();
    named.map_err(|trouble| SessionError::Database {
        place,
        doing: "introducing itself",
        source: trouble.into_source(),
    })?;
    Ok(session)
}

#[async_trait]
impl Server for PostgresSession {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    async fn reset(&mut self) -> Result<(), Trouble> {
        let sql = format!(
            "rollback; reset session authorization; reset role; reset all; {AWAKE}; \
             select set_config('standard_conforming_strings', 'on', false), \
             set_config('application_name', {}, false)",
            quoted(&self.who)
        );
        self.connection.rows(&sql).await.map(drop)
    }

    async fn limit(&mut self, patience: Patience) -> Result<(), Trouble> {
        let millis = |limit: Option<Span>| limit.map_or(0, Span::as_millis);
        let (lock, statement) = (millis(patience.lock), millis(patience.statement));
        let sql = format!(
            "select set_config('lock_timeout', '{lock}', false), \
             set_config('statement_timeout', '{statement}', false)"
        );
        self.connection.rows(&sql).await.map(drop)
    }

    async fn run(&mut self, text: &str) -> Result<(), Stopped> {
        self.connection.client.batch_execute(text).await.map_err(|error| stopped(&error))
    }

    async fn rows(&mut self, sql: &str, values: &[&str]) -> Result<Vec<Row>, Trouble> {
        self.connection.rows(&filled(sql, values)).await
    }

    async fn look(&mut self, object: &Object) -> Result<Sight, Trouble> {
        let exists = |found: &str| format!("select 1 where exists ({found})");
        let sql = match object {
            Object::Table(name) => format!("select 1 where {} is not null", class(name)),
            Object::Column { table, column } => exists(&format!(
                "select from pg_attribute where attrelid = {} and attname = {} \
                 and not attisdropped",
                class(table),
                quoted(column)
            )),
            Object::Constraint { table, constraint } => exists(&format!(
                "select from pg_constraint where conrelid = {} and conname = {}",
                class(table),
                quoted(constraint)
            )),
            Object::Index { table, index } => return self.index(table.as_ref(), index).await,
            Object::Partition { table, part } => return self.partition(table, part).await,
        };
        let is_there = !self.connection.rows(&sql).await?.is_empty();
        Ok(if is_there { Sight::There } else { Sight::Missing })
    }

    async fn clear_unbuilt(&mut self, index: &Name) -> Result<(), Trouble> {
        let sql = format!(
            "select indexrelid::regclass::text from pg_index \
             where indexrelid = {} and not indisvalid",
            class(index)
        );
        for index in self.connection.column(&sql).await?.into_iter().flatten() {
            self.connection.rows(&format!("drop index concurrently {index}")).await?;
        }
        Ok(())
    }

    async fn clear_unswapped(&mut self, over: &Over) -> Result<Option<String>, Trouble> {
        for row in self.connection.rows(&unswapped(over)).await? {
            let [Some(index), is_at_work] = row.as_slice() else { continue };
            if is_at_work.as_deref() != Some("f") {
                let reason = format!("`{index}` may be what somebody is building just now");
                return Ok(Some(reason));
            }
            self.connection.rows(&format!("drop index concurrently {index}")).await?;
        }
        Ok(None)
    }

    async fn end(&mut self, session: &str) -> Result<(), Trouble> {
        let sql = format!("select pg_terminate_backend({})", number(session));
        self.connection.rows(&sql).await.map(drop)
    }
}

impl PostgresSession {
    async fn index(&self, table: Option<&Name>, index: &Name) -> Result<Sight, Trouble> {
        let table = table.map_or_else(|| "i.indrelid".into(), class);
        let sql = format!(
            "select i.indisvalid and i.indisready, i.indrelid = {table}, \
             exists (select from pg_stat_progress_create_index p \
             where p.index_relid = i.indexrelid) from pg_index i where i.indexrelid = {}",
            class(index)
        );
        let rows = self.connection.rows(&sql).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(Sight::Missing) };
        let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("f")).collect();
        Ok(match cells.as_slice() {
            [_, "t", "t"] => Sight::Unclear("somebody is building that index just now".into()),
            ["t", "t", _] => Sight::There,
            [_, "t", _] => Sight::Broken,
            _ => Sight::Unclear("there is such an index, and it is on another table".into()),
        })
    }

    async fn partition(&self, table: &Name, part: &Name) -> Result<Sight, Trouble> {
        let sql = format!(
            "select inhdetachpending from pg_inherits where inhparent = {} and inhrelid = {}",
            class(table),
            class(part)
        );
        let row = only(self.connection.rows(&sql).await?);
        Ok(match row.as_deref() {
            None => Sight::Missing,
            Some("f") => Sight::There,
            Some(_) => Sight::Unclear(
                "the partition is half detached; `alter table ... detach partition ... finalize` \
                 goes on with it"
                    .into(),
            ),
        })
    }
}

/// What a name means in this session; null if nothing has it.
pub(super) fn class(name: &Name) -> String {
    let part = |part: &str| format!("\"{}\"", part.replace('"', "\"\""));
    let schema = name.schema.as_deref().map(|schema| format!("{}.", part(schema)));
    let whole = format!("{}{}", schema.unwrap_or_default(), part(&name.name));
    format!("to_regclass({})", quoted(&whole))
}

/// Values in place of question marks.
fn filled(sql: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = sql.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |before, part| {
        let value = values.next().map_or_else(|| "null".into(), |value| quoted(value));
        format!("{before}{value}{part}")
    })
}

/// Only what is a number is put into a statement as one.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or_default()
}

fn stopped(error: &tokio_postgres::Error) -> Stopped {
    let Some(answer) = error.as_db_error() else {
        let text = crate::trouble::words(error);
        return Stopped::Unknown(Words { text, about: About::All });
    };
    let about = match answer.position() {
        Some(ErrorPosition::Original(character)) => {
            let character = character.saturating_sub(1);
            usize::try_from(character).map_or(About::All, About::Character)
        }
        _ => About::All,
    };
    let words = Words { text: said(answer), about };
    let code = answer.code();
    let is_kept_waiting = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::T_R_SERIALIZATION_FAILURE,
    ];
    if is_kept_waiting.contains(code) {
        Stopped::Locked(words)
    } else if is_certain(code) {
        Stopped::Refused(words)
    } else {
        Stopped::Unknown(words)
    }
}

/// The server's own word in an error, if there is one.
pub(crate) fn words(error: &(dyn Error + 'static)) -> Option<String> {
    let error = error.downcast_ref::<tokio_postgres::Error>()?;
    error.as_db_error().map(said)
}

fn said(answer: &DbError) -> String {
    let said = [Some(answer.message()), answer.detail(), answer.hint()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    format!("{} ({})", said.join("; "), answer.code().code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_names_cannot_break_out() {
        assert_eq!(filled("a = ? and b = ?", &["it's", "?"]), "a = 'it''s' and b = '?'");
        let name = Name { schema: Some("s\"".into()), name: "it's".into() };
        assert_eq!(class(&name), "to_regclass('\"s\"\"\".\"it''s\"')");
        assert_eq!(number("1); drop table x"), 0);
    }
}
