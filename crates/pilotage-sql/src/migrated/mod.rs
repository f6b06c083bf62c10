//! A database that is migrated: the session of a worker, its ledger and its fence.
//!
//! The ledger is a table in the schema in which the migrations make theirs, and the session lock is
//! on that schema, so that no two workers write into one ledger, whichever leases they hold. The
//! fence is that of the lease.
//!
//! What it guarantees:
//!
//! - **A leap and its line are one transaction**, begun with a look at the fence that keeps it from
//!   being raised; a connection that is lost at its end leaves the answer to the ledger.
//! - **Each leap finds the session as it was opened**: what a file sets ends with its leap.
//! - **What nobody can tell is said to be so.**
//!
//! What it deliberately does not do: begin anything again. That is the worker's part.

mod halt;
mod ledger;
mod server;
mod session;
mod signs;

use async_trait::async_trait;
use pilotage_lease::{Fence, LeaseName};
use pilotage_migration::saga::database::{self as role, Trouble};

pub(crate) use server::{About, Dialect, Row, Server, Sight, Stopped, Words, only};

use self::halt::failed;
use self::session::Worker;
use crate::database::Address;
use crate::session::Key;
use crate::{Database, SessionError, mysql, postgres, trouble};

/// A database whose migrations are run under the fences of a lease.
#[derive(Debug, Clone)]
pub struct Migrated {
    database: Database,
    lease: LeaseName,
    who: String,
}

impl Database {
    /// This database as one that is migrated, under the fences of this lease; `who` is for whoever
    /// looks at the server.
    pub fn migrated(&self, lease: LeaseName, who: impl Into<String>) -> Migrated {
        Migrated { database: self.clone(), lease, who: who.into() }
    }
}

#[async_trait]
impl role::Database for Migrated {
    fn place(&self) -> String {
        self.database.place()
    }

    async fn open(&self, fence: Fence) -> Result<Box<dyn role::Session>, Trouble> {
        match &self.database.address {
            Address::Postgres(address) => {
                let server = postgres::migrate(address, &self.name(fence)).await;
                self.worker(server.map_err(unusable)?, fence).await
            }
            Address::MySql(address) => {
                let server = mysql::migrate(address, &self.name(fence)).await;
                self.worker(server.map_err(unusable)?, fence).await
            }
        }
    }

    async fn cancel(&self, fence: Fence) -> Result<(), Trouble> {
        let ended = match &self.database.address {
            Address::Postgres(address) => match postgres::bare(address).await {
                Ok(server) => self.end(server, fence).await,
                Err(trouble) => Err(trouble),
            },
            Address::MySql(address) => match mysql::bare(address).await {
                Ok(server) => self.end(server, fence).await,
                Err(trouble) => Err(trouble),
            },
        };
        ended.map_err(failed(self.database.place(), "end the session of a worker"))
    }
}

/// Which session was the last to write the fence down.
const LAST: &str = "select session_id from pilotage_fence where name = ? and fence <= ?";

impl Migrated {
    fn name(&self, fence: Fence) -> String {
        let text = format!("pilotage {fence} {} {}", self.lease, self.who);
        text.chars().filter(|char| char.is_ascii_graphic() || *char == ' ').take(63).collect()
    }

    async fn worker<S: Server + 'static>(
        &self,
        mut server: S,
        fence: Fence,
    ) -> Result<Box<dyn role::Session>, Trouble> {
        let key = lock(&mut server).await;
        let key = key.map_err(failed(self.database.place(), "say where it makes tables"))?;
        Ok(Box::new(Worker { server, key, lease: self.lease.clone(), fence }))
    }

    /// Ends the session that wrote this fence or an older one, if it still has the lock: then it is
    /// certainly that one, and not another that was given its number.
    async fn end<S: Server>(&self, mut server: S, fence: Fence) -> Result<(), trouble::Trouble> {
        let key = lock(&mut server).await?;
        let fence = i64::try_from(fence.0).unwrap_or(i64::MAX).to_string();
        let last = match server.rows(LAST, &[self.lease.as_str(), &fence]).await {
            Err(trouble::Trouble::NoTable) => None,
            rows => only(rows?),
        };
        match server.holder_number(&key).await? {
            Some(holder) if Some(&holder) == last.as_ref() => server.end(&holder).await,
            _ => Ok(()),
        }
    }
}

/// The lock on the ledger of the schema in which tables are made.
async fn lock<S: Server>(server: &mut S) -> Result<Key, trouble::Trouble> {
    let schema = only(server.rows(server.dialect().schema, &[]).await?);
    let missing =
        "it has no schema in which tables are made; give one in the address or to the user";
    schema.map(|schema| Key::of_ledger(&schema)).ok_or(trouble::Trouble::Refused(missing.into()))
}

/// What cannot be used is said to be unfit; what cannot be reached may be there later.
fn unusable(error: SessionError) -> Trouble {
    match error {
        SessionError::Database { place, doing, source } => {
            let (what, reason) = (format!("be used while {doing}"), trouble::words(&*source));
            if trouble::is_final(&*source) {
                return Trouble::Refused { place, what, reason };
            }
            Trouble::Away { place, reason: format!("while {doing}: {reason}") }
        }
        SessionError::Pooled { place, evidence } => {
            let reason = format!(
                "a pooler in between shares sessions ({evidence}), so that a lock would belong to \
                 anybody; give the direct address of the database"
            );
            Trouble::Unfit { place, reason }
        }
        SessionError::Replica { place } => {
            let reason = "it is a replica or read-only; give the address of the primary".into();
            Trouble::Unfit { place, reason }
        }
        SessionError::Fenced { place, seen, .. } => Trouble::Fenced { place, newer: seen },
        SessionError::Lost { place, reason } | SessionError::NotReleased { place, reason } => {
            Trouble::Away { place, reason }
        }
    }
}
