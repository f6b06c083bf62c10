//! A session of a PostgreSQL that can hold a lock.

use async_trait::async_trait;
use pilotage_rollout::Fence;

use super::address::PostgresAddress;
use super::connection::{Connection, quoted, trouble};
use super::pooler;
use crate::SessionError;
use crate::session::{Key, Session};
use crate::trouble::Trouble;

/// A session of its own.
#[derive(Debug)]
pub(crate) struct PostgresSession {
    place: String,
    pub(super) connection: Connection,
    /// The process of the server that serves it.
    server: String,
    /// Who it is for, for whoever looks at the server.
    pub(super) who: String,
}

const FENCES: &str = "create table if not exists pilotage_fence \
    (name text primary key, fence bigint not null, session_id bigint not null)";
/// An old server does not know all of the settings, and then has no such time-out either.
pub(super) const AWAKE: &str = "select set_config(name, '0', false) from pg_settings \
    where name in ('idle_session_timeout', 'statement_timeout', 'lock_timeout', \
    'idle_in_transaction_session_timeout', 'transaction_timeout')";

/// Opens a session that can be trusted with a lock.
pub(crate) async fn open(address: &PostgresAddress) -> Result<PostgresSession, SessionError> {
    let place = address.place();
    let failed = |doing| failed(place.clone(), doing);
    let connection = Connection::open(address).await.map_err(failed("connecting"))?;
    if let Some(evidence) =
        pooler::evidence(address, &connection).await.map_err(failed("looking for a pooler"))?
    {
        return Err(SessionError::Pooled { place, evidence });
    }
    if connection.is_read_only().await.map_err(failed("looking for a replica"))? {
        return Err(SessionError::Replica { place });
    }
    connection.column(AWAKE).await.map_err(failed("preparing the session"))?;
    let server = connection.value("select pg_backend_pid()").await;
    let server = server.map_err(failed("preparing the session"))?;
    Ok(PostgresSession { place, connection, server, who: String::new() })
}

/// Opens a session that is good for a look.
pub(crate) async fn bare(address: &PostgresAddress) -> Result<PostgresSession, Trouble> {
    let connection = Connection::open(address).await?;
    let server = connection.value("select pg_backend_pid()").await?;
    Ok(PostgresSession { place: address.place(), connection, server, who: String::new() })
}

fn failed(place: String, doing: &'static str) -> impl FnOnce(Trouble) -> SessionError {
    move |trouble| SessionError::Database { place, doing, source: trouble.into_source() }
}

#[async_trait]
impl Session for PostgresSession {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn server(&self) -> String {
        format!("server process {}", self.server)
    }

    async fn introduce(&mut self, who: &str) -> Result<(), Trouble> {
        who.clone_into(&mut self.who);
        let sql = format!("select set_config('application_name', {}, false)", quoted(who));
        self.connection.column(&sql).await.map(drop)
    }

    async fn try_lock(&mut self, key: &Key) -> Result<bool, Trouble> {
        let sql = format!("select pg_try_advisory_lock({})", key.number());
        Ok(self.connection.value(&sql).await? == "t")
    }

    async fn holder(&mut self, key: &Key) -> Result<String, Trouble> {
        let (high, low) = key.halves();
        let sql = format!(
            "select 'server process ' || l.pid || coalesce(', ' || a.application_name, '') \
             || coalesce(' from ' || host(a.client_addr), '') || coalesce(', ' || a.state, '') \
             from pg_locks l left join pg_stat_activity a on a.pid = l.pid \
             where l.locktype = 'advisory' and l.granted and l.classid = {high} \
             and l.objid = {low} and l.objsubid = 1 \
             and l.database = (select oid from pg_database where datname = current_database())"
        );
        let holder = self.connection.column(&sql).await?.into_iter().flatten().next();
        Ok(holder.unwrap_or_else(|| "somebody who has just gone".into()))
    }

    async fn holder_number(&mut self, key: &Key) -> Result<Option<String>, Trouble> {
        let (high, low) = key.halves();
        let sql = format!(
            "select pid from pg_locks where locktype = 'advisory' and granted \
             and classid = {high} and objid = {low} and objsubid = 1 \
             and database = (select oid from pg_database where datname = current_database())"
        );
        Ok(self.connection.column(&sql).await?.into_iter().flatten().next())
    }

    async fn holds(&mut self, key: &Key) -> Result<bool, Trouble> {
        let (high, low) = key.halves();
        let sql = format!(
            "select count(*) from pg_locks where locktype = 'advisory' and granted \
             and pid = pg_backend_pid() and pg_backend_pid() = {} \
             and classid = {high} and objid = {low} and objsubid = 1",
            self.server
        );
        Ok(self.connection.value(&sql).await? == "1")
    }

    async fn raise_fence(&mut self, name: &str, fence: Fence) -> Result<Fence, Trouble> {
        let client = &self.connection.client;
        client.batch_execute(FENCES).await.map_err(trouble)?;
        let (name, fence) = (quoted(name), fence.0);
        let raise = format!(
            "insert into pilotage_fence values ({name}, {fence}, pg_backend_pid()) \
             on conflict (name) do update set fence = excluded.fence, \
             session_id = excluded.session_id where pilotage_fence.fence <= excluded.fence"
        );
        client.batch_execute(&raise).await.map_err(trouble)?;
        let sql = format!("select fence from pilotage_fence where name = {name}");
        let seen = self.connection.value(&sql).await?;
        seen.parse().map(Fence).map_err(|_| Trouble::Refused("the fence is no number".into()))
    }

    async fn unlock(&mut self, key: &Key) -> Result<bool, Trouble> {
        let sql = format!("select pg_advisory_unlock({})", key.number());
        Ok(self.connection.value(&sql).await? == "t")
    }
}
