//! Whether somebody in between shares sessions.

use core::time::Duration;

use super::address::MySqlAddress;
use super::connection::Connection;
use crate::trouble::Trouble;

const ROUNDS: u32 = 3;
/// A statement that takes longer waits for a session that somebody else has.
const PATIENCE: Duration = Duration::from_secs(2);

/// What shows that sessions are shared, if they are: while a second connection is in a
/// transaction, and so in a session of its own, the first one must stay where it was.
pub(super) async fn evidence(
    address: &MySqlAddress,
    own: &mut Connection,
) -> Result<Option<String>, Trouble> {
    let mut other = Connection::open(address).await?;
    let first = session(own).await?;
    for _ in 0..ROUNDS {
        other.command("start transaction").await?;
        let theirs = session(&mut other).await?;
        let now = tokio::time::timeout(PATIENCE, session(own)).await;
        let found = match now {
            Err(_) => {
                Some("while one connection is in a transaction, another gets no session".into())
            }
            Ok(now) => shared(first, now?, theirs),
        };
        other.command("rollback").await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn shared(first: u64, now: u64, theirs: u64) -> Option<String> {
    if now != first {
        return Some(format!("one connection was in sessions {first} and {now}"));
    }
    (theirs == first).then(|| format!("two connections were in session {first}"))
}

pub(super) async fn session(connection: &mut Connection) -> Result<u64, Trouble> {
    let id = connection.value("select connection_id()", ()).await?;
    id.ok_or_else(|| Trouble::Refused("the server does not say which session this is".into()))
}
