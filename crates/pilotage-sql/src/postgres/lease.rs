//! The table of leases in a PostgreSQL.

use async_trait::async_trait;

use super::address::PostgresAddress;
use super::connection::{Connection, trouble};
use crate::store::{Row, Rows};
use crate::trouble::Trouble;

const TABLE: &str = "create table if not exists pilotage_lease \
    (name text primary key, revision bigint not null, record text not null)";
const READ: &str = "select revision, record from pilotage_lease where name = $1";
const INSERT: &str = "insert into pilotage_lease (name, revision, record) values ($1, $2, $3) \
    on conflict (name) do nothing";
const UPDATE: &str = "update pilotage_lease set revision = $2, record = $3 \
    where name = $1 and revision = $4";

#[async_trait]
impl Rows for Connection {
    type Address = PostgresAddress;

    async fn open(address: &PostgresAddress) -> Result<Self, Trouble> {
        Self::open(address).await
    }

    fn place(address: &PostgresAddress) -> String {
        address.place()
    }

    fn is_closed(&self) -> bool {
        Self::is_closed(self)
    }

    async fn is_read_only(&mut self) -> Result<bool, Trouble> {
        Self::is_read_only(self).await
    }

    /// Of two who make a table at once, one is told that it is there already in one of several
    /// ways.
    async fn make_table(&mut self) -> Result<(), Trouble> {
        match self.client.batch_execute(TABLE).await.map_err(trouble) {
            Err(Trouble::Refused(_) | Trouble::Duplicate) => {
                self.client.batch_execute(TABLE).await.map_err(trouble)
            }
            made => made,
        }
    }

    async fn read(&mut self, name: &str) -> Result<Option<(u64, String)>, Trouble> {
        let row = self.client.query_opt(READ, &[&name]).await.map_err(trouble)?;
        let Some(row) = row else { return Ok(None) };
        let foreign = |error: tokio_postgres::Error| Trouble::Refused(error.into());
        let revision: i64 = row.try_get(0).map_err(foreign)?;
        Ok(Some((revision.cast_unsigned(), row.try_get(1).map_err(foreign)?)))
    }

    async fn write(&mut self, row: &Row<'_>) -> Result<u64, Trouble> {
        let Row { name, text, .. } = row;
        let revision = number(row.revision)?;
        let written = match row.expected {
            None => self.client.execute(INSERT, &[name, &revision, text]).await,
            Some(expected) => {
                let expected = number(expected)?;
                self.client.execute(UPDATE, &[name, &revision, text, &expected]).await
            }
        };
        written.map_err(trouble)
    }
}

fn number(revision: u64) -> Result<i64, Trouble> {
    i64::try_from(revision).map_err(|error| Trouble::Refused(error.into()))
}
