//! Whether somebody in between shares sessions.

use core::time::Duration;

use super::address::PostgresAddress;
use super::connection::Connection;
use crate::trouble::Trouble;

const ROUNDS: u32 = 3;
/// A statement that takes longer waits for a session that somebody else has.
const PATIENCE: Duration = Duration::from_secs(2);

/// What shows that sessions are shared, if they are.
///
/// A second connection begins a transaction, in which it is given a session of its own, most
/// likely the one that was used last. If the first connection then finds itself in another session,
/// or finds none, sessions do not belong to connections.
pub(super) async fn evidence(
    address: &PostgresAddress,
    own: &Connection,
) -> Result<Option<String>, Trouble> {
    let other = Connection::open(address).await?;
    let first = session(own).await?;
    for _ in 0..ROUNDS {
        if let Err(Trouble::Refused(refused)) = other.column("begin").await {
            return Ok(Some(format!("it allows no transaction: {refused}")));
        }
        let theirs = session(&other).await?;
        let now = tokio::time::timeout(PATIENCE, session(own)).await;
        let found = match now {
            Err(_) => {
                Some("while one connection is in a transaction, another gets no session".into())
            }
            Ok(now) => shared(&first, &now?, &theirs),
        };
        other.column("rollback").await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn shared(first: &str, now: &str, theirs: &str) -> Option<String> {
    if now != first {
        return Some(format!("one connection was in sessions {first} and {now}"));
    }
    (theirs == first).then(|| format!("two connections were in session {first}"))
}

async fn session(connection: &Connection) -> Result<String, Trouble> {
    connection.value("select pg_backend_pid()").await
}
