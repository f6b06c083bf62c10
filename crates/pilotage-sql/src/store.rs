//! Leases in the table `pilotage_lease`, one row each, whatever the server.
//!
//! It keeps one connection and opens another when that has failed; a connection that was dropped in
//! the middle of something is not used again. The table is made when it is first written to. On a
//! cluster with several writable servers, the address must be that of one.

use core::fmt::{self, Debug, Formatter};

use async_trait::async_trait;
use pilotage_lease::{LeaseName, LeaseStore, Proposal, Record, StoreFailure, Stored, Tag, Written};
use tokio::sync::Mutex;

use crate::trouble::{self, Trouble};

/// A connection to the table. Who writes says how many rows were changed.
#[async_trait]
pub(crate) trait Rows: Sized + Send + 'static {
    /// Where the table is.
    type Address: Send + Sync;

    async fn open(address: &Self::Address) -> Result<Self, Trouble>;

    fn place(address: &Self::Address) -> String;

    /// Whether it has ended since it was used last, as far as that is known.
    fn is_closed(&self) -> bool;

    /// Whether nothing can be written there.
    async fn is_read_only(&mut self) -> Result<bool, Trouble>;

    async fn make_table(&mut self) -> Result<(), Trouble>;

    async fn read(&mut self, name: &str) -> Result<Option<(u64, String)>, Trouble>;

    async fn write(&mut self, row: &Row<'_>) -> Result<u64, Trouble>;
}

/// A write in the terms of the table.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    /// The revision that is there, if the row is.
    pub(crate) expected: Option<u64>,
    pub(crate) revision: u64,
    pub(crate) text: String,
}

/// Leases in a table.
pub(crate) struct LeaseTable<R: Rows> {
    address: R::Address,
    kept: Mutex<Option<R>>,
}

impl<R: Rows> LeaseTable<R> {
    pub(crate) fn new(address: R::Address) -> Self {
        Self { address, kept: Mutex::new(None) }
    }

    async fn connection(&self) -> Result<R, StoreFailure> {
        let kept = self.kept.lock().await.take().filter(|kept| !kept.is_closed());
        if let Some(connection) = kept {
            return Ok(connection);
        }
        let failed = |trouble| self.failed(trouble);
        let mut connection = R::open(&self.address).await.map_err(failed)?;
        if connection.is_read_only().await.map_err(failed)? {
            let reason = format!(
                "{} is a replica or read-only; give the address of the primary",
                R::place(&self.address)
            );
            return Err(StoreFailure::because(reason).that_stays());
        }
        Ok(connection)
    }

    async fn keep(&self, connection: R) {
        *self.kept.lock().await = Some(connection);
    }

    fn failed(&self, trouble: Trouble) -> StoreFailure {
        let source = trouble.into_source();
        let (stays, words) = (trouble::is_final(&*source), trouble::words(&*source));
        let reason = format!("{}: {words}", R::place(&self.address));
        // The words of all causes are in the reason already, and better than the driver has them.
        let failure = StoreFailure::because(reason);
        if stays { failure.that_stays() } else { failure }
    }

    fn stored(&self, (revision, text): (u64, String)) -> Result<Stored, StoreFailure> {
        let record: Record = serde_json::from_str(&text).map_err(|error| {
            let place = R::place(&self.address);
            StoreFailure::from_source(format!("{place} holds no record: {error}"), error)
                .that_stays()
        })?;
        Ok(Stored { record, tag: tag(revision) })
    }
}

fn tag(revision: u64) -> Tag {
    Tag(revision.to_string())
}

#[async_trait]
impl<R: Rows> LeaseStore for LeaseTable<R> {
    fn place(&self) -> String {
        R::place(&self.address)
    }

    async fn read(&self, name: &LeaseName) -> Result<Option<Stored>, StoreFailure> {
        let mut connection = self.connection().await?;
        let row = match connection.read(name.as_str()).await {
            Err(Trouble::NoTable) => None,
            row => row.map_err(|trouble| self.failed(trouble))?,
        };
        self.keep(connection).await;
        row.map(|row| self.stored(row)).transpose()
    }

    async fn write(&self, name: &LeaseName, proposal: &Proposal) -> Result<Written, StoreFailure> {
        let Some(row) = Row::new(name, proposal)? else { return Ok(Written::Refused) };
        let mut connection = self.connection().await?;
        let mut written = connection.write(&row).await;
        if matches!(written, Err(Trouble::NoTable)) {
            connection.make_table().await.map_err(|trouble| self.failed(trouble))?;
            written = connection.write(&row).await;
        }
        let rows = match written {
            Err(Trouble::Unknown(source)) => {
                return Ok(Written::Unknown { reason: source.to_string() });
            }
            Err(Trouble::Duplicate) => 0,
            rows => rows.map_err(|trouble| self.failed(trouble))?,
        };
        self.keep(connection).await;
        Ok(if rows == 1 { Written::Applied(tag(row.revision)) } else { Written::Refused })
    }
}

impl<R: Rows> Debug for LeaseTable<R> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LeaseTable").field(&R::place(&self.address)).finish()
    }
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
}
