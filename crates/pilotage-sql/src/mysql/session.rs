//! A session of a MySQL or MariaDB that can hold a lock.

use async_trait::async_trait;
use pilotage_rollout::Fence;

use super::address::MySqlAddress;
use super::connection::Connection;
use super::pooler;
use crate::SessionError;
use crate::session::{Key, Session};
use crate::trouble::Trouble;

/// A session of its own.
#[derive(Debug)]
pub(crate) struct MySqlSession {
    place: String,
    pub(super) connection: Connection,
    id: u64,
    pub(super) is_mariadb: bool,
    /// The database of its address.
    pub(super) home: String,
}

const FENCES: &str = "create table if not exists pilotage_fence ( \
    name varchar(128) character set ascii collate ascii_bin primary key, \
    fence bigint unsigned not null, session_id bigint unsigned not null) engine = InnoDB";
/// The fence comes last, for each assignment sees what those before it have assigned.
const RAISE: &str = "insert into pilotage_fence (name, fence, session_id) \
    values (?, ?, connection_id()) on duplicate key update \
    session_id = if(values(fence) >= fence, values(session_id), session_id), \
    fence = greatest(fence, values(fence))";
/// Eight hours is the usual end of an idle session; a long migration may take longer.
pub(super) const AWAKE: &str = "set session wait_timeout = 604800";
const HOLDER: &str = "select concat('connection ', id, ', ', user, ' from ', host) \
    from information_schema.processlist where id = is_used_lock(?)";

/// Opens a session that can be trusted with a lock.
pub(crate) async fn open(address: &MySqlAddress) -> Result<MySqlSession, SessionError> {
    let place = address.place();
    let failed = |doing| failed(place.clone(), doing);
    let mut connection = Connection::open(address).await.map_err(failed("connecting"))?;
    if let Some(evidence) =
        pooler::evidence(address, &mut connection).await.map_err(failed("looking for a pooler"))?
    {
        return Err(SessionError::Pooled { place, evidence });
    }
    if connection.is_read_only().await.map_err(failed("looking for a replica"))? {
        return Err(SessionError::Replica { place });
    }
    connection.command(AWAKE).await.map_err(failed("preparing the session"))?;
    let id = pooler::session(&mut connection).await.map_err(failed("preparing the session"))?;
    Ok(MySqlSession::new(place, connection, id))
}

/// Opens a session that is good for a look.
pub(crate) async fn bare(address: &MySqlAddress) -> Result<MySqlSession, Trouble> {
    let mut connection = Connection::open(address).await?;
    let id = pooler::session(&mut connection).await?;
    Ok(MySqlSession::new(address.place(), connection, id))
}

impl MySqlSession {
    const fn new(place: String, connection: Connection, id: u64) -> Self {
        Self { place, connection, id, is_mariadb: false, home: String::new() }
    }
}

fn failed(place: String, doing: &'static str) -> impl FnOnce(Trouble) -> SessionError {
    move |trouble| SessionError::Database { place, doing, source: trouble.into_source() }
}

#[async_trait]
impl Session for MySqlSession {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn server(&self) -> String {
        format!("connection {}", self.id)
    }

    /// Who this is can only be said when connecting; the session keeps it as a variable, which
    /// `performance_schema.user_variables_by_thread` shows.
    async fn introduce(&mut self, who: &str) -> Result<(), Trouble> {
        self.connection.execute("set @pilotage = ?", (who,)).await.map(drop)
    }

    /// No answer but one and zero is one: some servers answer null where they cannot lock.
    async fn try_lock(&mut self, key: &Key) -> Result<bool, Trouble> {
        match self.connection.value::<i64>("select get_lock(?, 0)", (key.name(),)).await? {
            Some(1) => Ok(true),
            Some(0) => Ok(false),
            other => Err(Trouble::Refused(format!("the server answered {other:?}").into())),
        }
    }

    async fn holder(&mut self, key: &Key) -> Result<String, Trouble> {
        let holder = self.connection.value::<String>(HOLDER, (key.name(),)).await?;
        Ok(holder.unwrap_or_else(|| "a connection that this user may not see".into()))
    }

    async fn holder_number(&mut self, key: &Key) -> Result<Option<String>, Trouble> {
        let sql = "select cast(is_used_lock(?) as char)";
        self.connection.value::<String>(sql, (key.name(),)).await
    }

    async fn holds(&mut self, key: &Key) -> Result<bool, Trouble> {
        let sql = "select is_used_lock(?) = connection_id() and connection_id() = ?";
        let holds = self.connection.value::<i64>(sql, (key.name(), self.id)).await?;
        Ok(holds == Some(1))
    }

    async fn raise_fence(&mut self, name: &str, fence: Fence) -> Result<Fence, Trouble> {
        self.connection.command(FENCES).await?;
        self.connection.execute(RAISE, (name, fence.0)).await?;
        let sql = "select fence from pilotage_fence where name = ?";
        let seen = self.connection.value::<u64>(sql, (name,)).await?;
        seen.map(Fence).ok_or_else(|| Trouble::Refused("the fence is not there".into()))
    }

    async fn unlock(&mut self, key: &Key) -> Result<bool, Trouble> {
        let unlocked =
            self.connection.value::<i64>("select release_lock(?)", (key.name(),)).await?;
        Ok(unlocked == Some(1))
    }
}
