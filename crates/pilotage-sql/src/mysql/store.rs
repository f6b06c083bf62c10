//! Leases in a MySQL or MariaDB.

use core::fmt::{self, Debug, Formatter};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, Record, StoreFailure, Stored, Tag, Written};
use tokio::sync::Mutex;

use super::address::MySqlAddress;
use super::connection::Connection;
use crate::trouble::Trouble;

/// Leases in the table `pilotage_lease`, one row each. It keeps one connection and opens another
/// when that has failed. On a cluster with several writable servers, give the address of one.
pub struct MySqlLeaseStore {
    address: MySqlAddress,
    connection: Mutex<Option<Connection>>,
}

const TABLE: &str = "create table if not exists pilotage_lease ( \
    name varchar(128) character set ascii collate ascii_bin primary key, \
    revision bigint unsigned not null, \
    record mediumtext character set utf8mb4 collate utf8mb4_bin not null) engine = InnoDB";
const READ: &str = "select revision, record from pilotage_lease where name = ?";
const INSERT: &str = "insert into pilotage_lease (name, revision, record) values (?, ?, ?)";
const UPDATE: &str =
    "update pilotage_lease set revision = ?, record = ? where name = ? and revision = ?";

impl MySqlLeaseStore {
    pub(crate) fn new(address: MySqlAddress) -> Self {
        Self { address, connection: Mutex::new(None) }
    }

    /// A connection that was dropped in the middle of something is not used again.
    async fn connection(&self) -> Result<Connection, StoreFailure> {
        if let Some(connection) = self.connection.lock().await.take() {
            return Ok(connection);
        }
        let connection = Connection::open(&self.address).await;
        let mut connection = connection.map_err(|trouble| self.failed(trouble))?;
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

    fn stored(&self, revision: u64, text: &str) -> Result<Stored, StoreFailure> {
        let record: Record = serde_json::from_str(text).map_err(|error| {
            StoreFailure::from_source(format!("{} holds no record: {error}", self.place()), error)
        })?;
        Ok(Stored { record, tag: Tag(revision.to_string()) })
    }
}

#[async_trait]
impl LeaseStore for MySqlLeaseStore {
    fn place(&self) -> String {
        self.address.place()
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let mut connection = self.connection().await?;
        let row = match connection.row(READ, name).await {
            Err(Trouble::NoTable) => None,
            row => row.map_err(|trouble| self.failed(trouble))?,
        };
        self.keep(connection).await;
        row.map(|(revision, text)| self.stored(revision, &text)).transpose()
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let Some(row) = Row::new(name, proposal)? else { return Ok(Written::Refused) };
        let mut connection = self.connection().await?;
        let mut written = row.write(&mut connection).await;
        if matches!(written, Err(Trouble::NoTable)) {
            let made = connection.command(TABLE).await;
            made.map_err(|trouble| self.failed(trouble))?;
            written = row.write(&mut connection).await;
        }
        let rows = match written {
            Err(Trouble::Unknown(source)) => {
                return Ok(Written::Unknown { reason: source.to_string() });
            }
            Err(Trouble::Duplicate) => 0,
            rows => rows.map_err(|trouble| self.failed(trouble))?,
        };
        self.keep(connection).await;
        Ok(if rows == 1 { Written::Applied(row.tag()) } else { Written::Refused })
    }
}

impl Debug for MySqlLeaseStore {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MySqlLeaseStore").field(&self.place()).finish()
    }
}

/// A write in the terms of the table.
struct Row<'a> {
    name: &'a str,
    expected: Option<u64>,
    revision: u64,
    text: String,
}

impl<'a> Row<'a> {
    /// Nothing if the expected tag is none that this store gives.
    fn new(name: &'a LeaseName, proposal: &Proposal) -> Result<Option<Self>, StoreFailure> {
        let text = serde_json::to_string(&proposal.record)
            .map_err(|error| StoreFailure::because(error.to_string()))?;
        let expected = match &proposal.expected {
            None => None,
            Some(Tag(tag)) => match tag.parse() {
                Ok(expected) => Some(expected),
                Err(_) => return Ok(None),
            },
        };
        Ok(Some(Self { name: name.as_str(), expected, revision: proposal.record.revision, text }))
    }

    async fn write(&self, connection: &mut Connection) -> Result<u64, Trouble> {
        let Self { name, expected, revision, text } = self;
        match expected {
            None => connection.execute(INSERT, (*name, *revision, text.as_str())).await,
            Some(expected) => {
                connection.execute(UPDATE, (*revision, text.as_str(), *name, *expected)).await
            }
        }
    }

    fn tag(&self) -> Tag {
        Tag(self.revision.to_string())
    }
}
