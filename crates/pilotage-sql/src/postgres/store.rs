//! Leases in a PostgreSQL.

use core::fmt::{self, Debug, Formatter};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, Record, StoreFailure, Stored, Tag, Written};
use tokio::sync::Mutex;

use super::address::PostgresAddress;
use super::connection::{Connection, trouble};
use crate::trouble::Trouble;

/// Leases in the table `pilotage_lease`, one row each. It keeps one connection and opens another
/// when that has failed.
pub struct PostgresLeaseStore {
    address: PostgresAddress,
    connection: Mutex<Option<Connection>>,
}

const TABLE: &str = "create table if not exists pilotage_lease \
    (name text primary key, revision bigint not null, record text not null)";
const READ: &str = "select revision, record from pilotage_lease where name = $1";
const INSERT: &str = "insert into pilotage_lease (name, revision, record) values ($1, $2, $3) \
    on conflict (name) do nothing";
const UPDATE: &str = "update pilotage_lease set revision = $2, record = $3 \
    where name = $1 and revision = $4";

impl PostgresLeaseStore {
    pub(crate) fn new(address: PostgresAddress) -> Self {
        Self { address, connection: Mutex::new(None) }
    }

    /// A connection that was dropped in the middle of something is not used again.
    async fn connection(&self) -> Result<Connection, StoreFailure> {
        let kept = self.connection.lock().await.take().filter(|kept| !kept.is_closed());
        if let Some(connection) = kept {
            return Ok(connection);
        }
        let connection = Connection::open(&self.address).await;
        let connection = connection.map_err(|trouble| self.failed(trouble))?;
        let read_only = connection.is_read_only().await;
        if read_only.map_err(|trouble| self.failed(trouble))? {
            let reason = format!("{} is a replica or read-only", self.place());
            return Err(StoreFailure::because(reason));
        }
        Ok(connection)
    }

    async fn keep(&self, connection: Connection) {
        *self.connection.lock().await = Some(connection);
    }

    fn failed(&self, trouble: Trouble) -> StoreFailure {
        let source = trouble.into_source();
        StoreFailure::from_source(format!("{}: {source}", self.place()), source)
    }

    fn stored(&self, revision: i64, text: &str) -> Result<Stored, StoreFailure> {
        let record: Record = serde_json::from_str(text).map_err(|error| {
            StoreFailure::from_source(format!("{} holds no record: {error}", self.place()), error)
        })?;
        Ok(Stored { record, tag: Tag(revision.to_string()) })
    }
}

#[async_trait]
impl LeaseStore for PostgresLeaseStore {
    fn place(&self) -> String {
        self.address.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let connection = self.connection().await?;
        let rows = connection.client.query_opt(READ, &[&name.as_str()]).await.map_err(trouble);
        let row = match rows {
            Err(Trouble::NoTable) => None,
            row => row.map_err(|trouble| self.failed(trouble))?,
        };
        self.keep(connection).await;
        let foreign = |error: tokio_postgres::Error| self.failed(Trouble::Refused(error.into()));
        let Some(row) = row else { return Ok(None) };
        let revision = row.try_get(0).map_err(foreign)?;
        self.stored(revision, row.try_get(1).map_err(foreign)?).map(Some)
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let Some(row) = Row::new(name, proposal)? else { return Ok(Written::Refused) };
        let connection = self.connection().await?;
        let mut written = row.write(&connection).await;
        if matches!(written, Err(Trouble::NoTable)) {
            make_table(&connection).await.map_err(|trouble| self.failed(trouble))?;
            written = row.write(&connection).await;
        }
        match written {
            Err(Trouble::Unknown(source)) => Ok(Written::Unknown { reason: source.to_string() }),
            Err(trouble) => Err(self.failed(trouble)),
            Ok(rows) => {
                self.keep(connection).await;
                Ok(if rows == 1 { Written::Applied(row.tag()) } else { Written::Refused })
            }
        }
    }
}

impl Debug for PostgresLeaseStore {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresLeaseStore").field(&self.place()).finish()
    }
}

/// Of two who make a table at once, one is told that it is there already in one of several ways.
async fn make_table(connection: &Connection) -> Result<(), Trouble> {
    match connection.client.batch_execute(TABLE).await.map_err(trouble) {
        Err(Trouble::Refused(_) | Trouble::Duplicate) => {
            connection.client.batch_execute(TABLE).await.map_err(trouble)
        }
        made => made,
    }
}

/// A write in the terms of the table.
struct Row<'a> {
    name: &'a str,
    expected: Option<i64>,
    revision: i64,
    text: String,
}

impl<'a> Row<'a> {
    /// Nothing if the expected tag is none that this store gives.
    fn new(name: &'a LeaseName, proposal: &Proposal) -> Result<Option<Self>, StoreFailure> {
        let unfit = |error: &dyn fmt::Display| StoreFailure::because(error.to_string());
        let text = serde_json::to_string(&proposal.record).map_err(|error| unfit(&error))?;
        let revision = i64::try_from(proposal.record.revision).map_err(|error| unfit(&error))?;
        let expected = match &proposal.expected {
            None => None,
            Some(Tag(tag)) => match tag.parse() {
                Ok(expected) => Some(expected),
                Err(_) => return Ok(None),
            },
        };
        Ok(Some(Self { name: name.as_str(), expected, revision, text }))
    }

    async fn write(&self, connection: &Connection) -> Result<u64, Trouble> {
        let Self { name, expected, revision, text } = self;
        let client = &connection.client;
        let written = match expected {
            None => client.execute(INSERT, &[name, revision, text]).await,
            Some(expected) => client.execute(UPDATE, &[name, revision, text, expected]).await,
        };
        written.map_err(trouble)
    }

    fn tag(&self) -> Tag {
        Tag(self.revision.to_string())
    }
}
