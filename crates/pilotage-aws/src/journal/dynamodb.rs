//! Journals in a table of DynamoDB: a head for each run, and lines at their offsets.
//!
//! ```text
//! journal (hash)      part (range)     what
//! prod/shop           run-42           the head: `hash` of the last line, `bytes` of all
//! prod/shop#run-42    000000000000     the first line
//! prod/shop#run-42    000000000931     the second one, which begins at byte 931
//! ```
//!
//! A line is added by one transaction: the head is replaced if it is the expected one, and the line
//! put where nothing is. So of two writers one is refused whole, a lost answer leaves a whole line
//! or none, and nothing that was written is ever touched again. The runs of a target are one query,
//! and so is a journal of up to a mebibyte.
//!
//! Needed are `dynamodb:PutItem` and `dynamodb:Query`, which a policy can bind to targets with
//! `dynamodb:LeadingKeys`. A time to live must not be set.

mod append;
mod load;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use pilotage_clock::Clock;
use pilotage_driver::journal::Head;
use pilotage_driver::role::{JournalStore, StoreError, nameable};
use pilotage_rollout::journal::RunId;

use super::entry::Entry;
use super::{Shelf, failure};
use crate::Session;
use crate::failure::{Call, Failure};
use crate::table::{self, Keys, Table, TableError, TableName};

const JOURNAL: &str = "journal";
const PART: &str = "part";
const HASH: &str = "hash";
const BYTES: &str = "bytes";
const LINE: &str = "line";

/// The journals of one target, in a table that may hold those of many.
#[derive(Debug, Clone)]
pub struct DynamoJournals {
    table: Table,
    shelf: Shelf,
}

impl DynamoJournals {
    /// The journals of this shelf, in this table of the session's region. Nothing is asked yet.
    pub fn new(session: &Session, table: TableName, shelf: Shelf) -> Self {
        let keys = Keys { hash: JOURNAL, range: Some(PART) };
        Self { table: Table::new(session, table, keys), shelf }
    }

    /// Creates the table, unless it is there, and waits until it can be used.
    pub async fn create(&self, clock: &dyn Clock) -> Result<bool, TableError> {
        table::create(&self.table, clock).await
    }

    fn place(&self) -> String {
        format!("`{}` of {}", self.shelf, self.table.place())
    }

    fn lines_of(&self, run: &RunId) -> AttributeValue {
        // No shelf contains this mark, so none is taken for the lines of another's run.
        AttributeValue::S(format!("{}#{run}", self.shelf))
    }

    fn call(&self, action: &'static str, run: Option<&RunId>) -> Call {
        let what = run.map_or_else(|| "the runs".into(), |run| format!("run `{run}`"));
        Call::new(action, format!("{what} in {}", self.place()))
    }

    fn unavailable(&self, failure: Failure) -> StoreError {
        failure::unavailable(self.place(), self.table.explained(&failure), failure)
    }
}

#[async_trait]
impl JournalStore for DynamoJournals {
    async fn load(&self, run: &RunId) -> Result<Vec<u8>, StoreError> {
        nameable(run)?;
        self.read(run).await
    }

    async fn append(&self, run: &RunId, expected: &Head, line: &[u8]) -> Result<(), StoreError> {
        self.add(&Entry::new(&self.place(), run, expected, line)?).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.heads().await
    }
}
