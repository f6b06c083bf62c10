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
struct PostgresSession {
    place: String,
    connection: Connection,
    /// The process of the server that serves it.
    server: String,
}

const FENCES: &str = "create table if not exists pilotage_fence \
    (name text primary key, fence bigint not null)";

/// Opens a session that can be trusted with a lock.
pub(crate) async fn open(address: &PostgresAddress) -> Result<Box<dyn Session>, SessionError> {
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
    // An old server does not know the setting, and then has no such time-out either.
    let settings = "select set_config(name, '0', false) from pg_settings \
        where name in ('idle_session_timeout', 'statement_timeout', 'lock_timeout')";
    connection.column(settings).await.map_err(failed("preparing the session"))?;
    let server = connection.value("select pg_backend_pid()").await;
    let server = server.map_err(failed("preparing the session"))?;
    Ok(Box::new(PostgresSession { place, connection, server }))
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
            "insert into pilotage_fence values ({name}, {fence}) on conflict (name) \
             do update set fence = greatest(pilotage_fence.fence, excluded.fence)"
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
