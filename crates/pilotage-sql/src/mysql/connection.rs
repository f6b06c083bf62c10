//! One connection to a MySQL or MariaDB.

use core::fmt::{self, Debug, Formatter};
use core::time::Duration;
use std::error::Error as StdError;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Params};

use super::address::MySqlAddress;
use crate::trouble::Trouble;

/// One connection.
pub(crate) struct Connection {
    pub(super) conn: Conn,
}

const CONNECT: Duration = Duration::from_secs(5);

impl Connection {
    pub(super) async fn open(address: &MySqlAddress) -> Result<Self, Trouble> {
        match tokio::time::timeout(CONNECT, Conn::new(address.opts())).await {
            Ok(Ok(conn)) => Ok(Self { conn }),
            // Nothing can have been done by who was not let in.
            Ok(Err(error)) => Err(Trouble::Refused(error.into())),
            Err(elapsed) => Err(Trouble::Refused(elapsed.into())),
        }
    }

    /// The only value of the first row, if there is a row and it is not null.
    pub(super) async fn value<T: mysql_async::prelude::FromValue + Send + 'static>(
        &mut self,
        sql: &str,
        params: impl Into<Params> + Send,
    ) -> Result<Option<T>, Trouble> {
        let value = self.conn.exec_first::<Option<T>, _, _>(sql, params.into()).await;
        value.map(Option::flatten).map_err(trouble)
    }

    /// Does something that not every server takes as a prepared statement.
    pub(super) async fn command(&mut self, sql: &str) -> Result<(), Trouble> {
        self.conn.query_drop(sql).await.map_err(trouble)
    }

    /// Does something, and says how many rows it changed.
    pub(super) async fn execute(
        &mut self,
        sql: &str,
        params: impl Into<Params> + Send,
    ) -> Result<u64, Trouble> {
        self.conn.exec_drop(sql, params.into()).await.map_err(trouble)?;
        Ok(self.conn.affected_rows())
    }

    /// Whether nothing can be written there. Who may do everything may write there nevertheless,
    /// and must not.
    pub(super) async fn is_read_only(&mut self) -> Result<bool, Trouble> {
        let sql = "select cast(@@global.read_only as char)";
        let read_only = self.value::<String>(sql, ()).await?;
        Ok(!matches!(read_only.as_deref(), Some("0" | "OFF")))
    }
}

impl Debug for Connection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.conn.id()).finish_non_exhaustive()
    }
}

const NO_SUCH_TABLE: u16 = 1146;
const DUPLICATE_KEY: u16 = 1062;
/// The server ends, or has ended this connection.
const GOING_AWAY: [u16; 5] = [1053, 1152, 1927, 3169, 1317];

/// Whether an answer with this code means that nothing was done.
pub(super) fn is_certain(code: u16) -> bool {
    !GOING_AWAY.contains(&code)
}

/// An answer of the server means that nothing was done, unless it says that it goes away.
pub(super) fn trouble(error: Error) -> Trouble {
    match &error {
        Error::Server(answer) if answer.code == NO_SUCH_TABLE => Trouble::NoTable,
        Error::Server(answer) if answer.code == DUPLICATE_KEY => Trouble::Duplicate,
        Error::Server(answer) if is_certain(answer.code) => Trouble::Refused(error.into()),
        _ => Trouble::Unknown(error.into()),
    }
}

/// The server has too much to do, or others are in the way: too many connections, a lock that was
/// waited for too long, a deadlock, a limit of one account.
const BUSY: [u16; 6] = [1040, 1203, 1205, 1213, 1226, 1129];

/// Whether this is an answer that stays the same until a person changes something.
pub(crate) fn is_final(error: &(dyn StdError + 'static)) -> bool {
    match error.downcast_ref() {
        Some(Error::Server(answer)) => is_certain(answer.code) && !BUSY.contains(&answer.code),
        _ => false,
    }
}
