//! A database that is migrated: the session of a worker, its ledger and its fence.

use async_trait::async_trait;
use pilotage_lease::{Fence, LeaseName};
use pilotage_migration::saga::database::{self as role, Trouble};

use crate::Database;

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

    async fn open(&self, _: Fence) -> Result<Box<dyn role::Session>, Trouble> {
        let reason = format!("{} cannot migrate {} yet", self.who, self.lease);
        Err(Trouble::Unfit { place: self.database.place(), reason })
    }

    async fn cancel(&self, _: Fence) -> Result<(), Trouble> {
        Ok(())
    }
}
