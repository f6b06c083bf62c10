//! The table of leases in a MySQL or MariaDB.

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;

use super::address::MySqlAddress;
use super::connection::{Connection, trouble};
use crate::store::{Row, Rows};
use crate::trouble::Trouble;

const TABLE: &str = "create table if not exists pilotage_lease ( \
    name varchar(128) character set ascii collate ascii_bin primary key, \
    revision bigint unsigned not null, \
    record mediumtext character set utf8mb4 collate utf8mb4_bin not null) engine = InnoDB";
const READ: &str = "select revision, record from pilotage_lease where name = ?";
const INSERT: &str = "insert into pilotage_lease (name, revision, record) values (?, ?, ?)";
const UPDATE: &str =
    "update pilotage_lease set revision = ?, record = ? where name = ? and revision = ?";

#[async_trait]
impl Rows for Connection {
    type Address = MySqlAddress;

    async fn open(address: &MySqlAddress) -> Result<Self, Trouble> {
        Self::open(address).await
    }

    fn place(address: &MySqlAddress) -> String {
        address.place()
    }

    /// The driver tells only when it is used.
    fn is_closed(&self) -> bool {
        false
    }

    async fn is_read_only(&mut self) -> Result<bool, Trouble> {
        Self::is_read_only(self).await
    }

    async fn make_table(&mut self) -> Result<(), Trouble> {
        self.command(TABLE).await
    }

    async fn read(&mut self, name: &str) -> Result<Option<(u64, String)>, Trouble> {
        self.conn.exec_first(READ, (name,)).await.map_err(trouble)
    }

    async fn write(&mut self, row: &Row<'_>) -> Result<u64, Trouble> {
        let Row { name, expected, revision, text } = row;
        match expected {
            None => self.execute(INSERT, (*name, *revision, text.as_str())).await,
            Some(expected) => {
                self.execute(UPDATE, (*revision, text.as_str(), *name, *expected)).await
            }
        }
    }
}
