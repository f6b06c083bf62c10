//! The session of a worker, whatever the server.

use async_trait::async_trait;
use pilotage_lease::{Fence, LeaseName};
use pilotage_migration::saga::database::{Found, Leapt, Lock, Session, Trouble};
use pilotage_migration::saga::ledger::Entry;
use pilotage_migration::saga::script::{Patience, Sql};
use pilotage_migration::saga::sign::{Object, Sign, Trace};

use super::halt::{Halt, failed};
use super::server::{Server, Sight, only};
use super::{ledger, signs};
use crate::session::Key;
use crate::trouble;

/// A session that migrates.
#[derive(Debug)]
pub(super) struct Worker<S> {
    pub(super) server: S,
    /// The lock on the ledger: whoever has it is the only one who migrates this schema.
    pub(super) key: Key,
    pub(super) lease: LeaseName,
    pub(super) fence: Fence,
}

/// The row of the fence, which stays as it is until the transaction ends.
const FENCE: &str = "select fence from pilotage_fence where name = ? for update";

impl<S: Server> Worker<S> {
    fn failed(&self, what: &str) -> impl FnOnce(trouble::Trouble) -> Trouble + use<S> {
        failed(self.server.place(), what)
    }

    /// Makes sure that nothing is left of the leap before, and that the lock is still held.
    async fn prepare(&mut self) -> Result<(), trouble::Trouble> {
        self.server.reset().await?;
        if self.server.holds(&self.key).await? {
            return Ok(());
        }
        Err(trouble::Trouble::Refused("this session does not hold its lock any more".into()))
    }

    /// Makes sure that nobody with a later fence was here.
    async fn check(&mut self) -> Result<(), Halt> {
        let row = only(self.server.rows(FENCE, &[self.lease.as_str()]).await?);
        match row.as_deref().map(str::parse) {
            Some(Ok(known)) if known > self.fence.0 => Err(Halt::Fenced(Fence(known))),
            Some(Ok(known)) if known == self.fence.0 => Ok(()),
            _ => Err(trouble::Trouble::Refused("this session has not claimed its fence".into()))?,
        }
    }

    async fn transact(&mut self, statements: &[Sql], entry: &Entry) -> Result<(), Halt> {
        self.prepare().await?;
        self.server.rows("start transaction", &[]).await?;
        let done = self.inside(statements, entry).await;
        if done.is_err() {
            // Whether or not this gets there: what is not committed is not applied.
            let _ = self.server.rows("rollback", &[]).await;
            return done;
        }
        self.server.run("commit").await.map_err(Halt::at_commit)
    }

    /// The line is written first, while everything is as this session has left it.
    async fn inside(&mut self, statements: &[Sql], entry: &Entry) -> Result<(), Halt> {
        self.check().await?;
        let values = ledger::values(entry).map_err(|e| trouble::Trouble::Refused(e.into()))?;
        let values = values.each_ref().map(String::as_str);
        self.server.rows(self.server.dialect().note, &values).await?;
        let mut patience = None;
        for statement in statements {
            self.set(&statement.settings).await?;
            if patience.replace(statement.patience) != Some(statement.patience) {
                self.server.limit(statement.patience).await?;
            }
            let run = self.server.run(&statement.text).await;
            run.map_err(|stopped| Halt::at(statement, stopped))?;
        }
        Ok(())
    }

    async fn set(&mut self, settings: &[String]) -> Result<(), Halt> {
        for text in settings {
            let set = self.server.run(text).await;
            set.map_err(|stopped| Halt::at(&Sql::new(text, Patience::ENDLESS), stopped))?;
        }
        Ok(())
    }

    async fn apart(&mut self, statement: &Sql) -> Result<(), Halt> {
        self.prepare().await?;
        self.check().await?;
        self.set(&statement.settings).await?;
        self.server.limit(statement.patience).await?;
        let run = self.server.run(&statement.text).await;
        run.map_err(|stopped| Halt::at(statement, stopped))
    }

    /// Stands where the statement stood.
    async fn stand(&mut self, statement: &Sql) -> Result<(), Halt> {
        self.prepare().await?;
        self.set(&statement.settings).await?;
        Ok(self.server.limit(Patience::ENDLESS).await?)
    }

    async fn sights(&mut self, traces: &[Trace]) -> Result<Vec<Sight>, Halt> {
        let mut sights = Vec::new();
        for trace in traces {
            sights.push(self.server.look(&trace.of).await?);
        }
        Ok(sights)
    }

    async fn found(&mut self, statement: &Sql) -> Result<Found, Halt> {
        self.stand(statement).await?;
        match &statement.sign {
            Sign::Nothing => Ok(signs::unclear("nothing that it leaves can be looked for")),
            Sign::Half => Ok(signs::unclear(signs::HALF)),
            Sign::Again { over } => {
                let Some(over) = over else { return Ok(Found::Absent) };
                let kept = self.server.clear_unswapped(over).await?;
                Ok(kept.map_or(Found::Absent, |reason| signs::unclear(&reason)))
            }
            Sign::Seen(traces) | Sign::Each(traces) => {
                let found = signs::weigh(traces, &self.sights(traces).await?);
                self.sweep(traces).await?;
                Ok(found)
            }
        }
    }

    async fn cleared(&mut self, statement: &Sql) -> Result<Found, Halt> {
        self.stand(statement).await?;
        match &statement.sign {
            Sign::Nothing => Ok(Found::Absent),
            Sign::Seen(traces) => self.sweep(traces).await.map(|()| Found::Absent),
            Sign::Half | Sign::Again { .. } | Sign::Each(_) => self.found(statement).await,
        }
    }

    /// Clears away indexes that were not built to their end.
    async fn sweep(&mut self, traces: &[Trace]) -> Result<(), Halt> {
        for (trace, sight) in traces.iter().zip(self.sights(traces).await?) {
            let Object::Index { index, .. } = &trace.of else { continue };
            if trace.is_there && sight == Sight::Broken {
                self.server.clear_unbuilt(index).await?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl<S: Server> Session for Worker<S> {
    async fn try_lock(&mut self) -> Result<Lock, Trouble> {
        let failed = self.failed("lock its migrations");
        if self.server.try_lock(&self.key).await.map_err(failed)? {
            return Ok(Lock::Ours);
        }
        let failed = self.failed("say who has the lock");
        Ok(Lock::Others { who: self.server.holder(&self.key).await.map_err(failed)? })
    }

    async fn claim(&mut self) -> Result<(), Trouble> {
        let failed = self.failed("write the fence down");
        let seen = self.server.raise_fence(self.lease.as_str(), self.fence).await;
        let seen = seen.map_err(failed)?;
        if seen > self.fence {
            return Err(Trouble::Fenced { place: self.server.place(), newer: seen });
        }
        let failed = self.failed("make the ledger");
        self.server.rows(self.server.dialect().ledger, &[]).await.map(drop).map_err(failed)
    }

    async fn ledger(&mut self) -> Result<Vec<Entry>, Trouble> {
        let failed = self.failed("read the ledger");
        self.server.reset().await.map_err(self.failed("read the ledger"))?;
        let rows = match self.server.rows(ledger::READ, &[]).await {
            Err(trouble::Trouble::NoTable) => return Ok(Vec::new()),
            rows => rows.map_err(failed)?,
        };
        let place = self.server.place();
        let unread = |reason| Trouble::Unfit { place, reason: format!("its ledger: {reason}") };
        rows.into_iter().map(ledger::entry).collect::<Result<_, _>>().map_err(unread)
    }

    async fn note(&mut self, entry: &Entry) -> Result<(), Trouble> {
        let written = self.transact(&[], entry).await;
        written.map_err(|halt| halt.into_trouble(self.server.place(), "write into the ledger"))
    }

    async fn together(&mut self, statements: &[Sql], entry: &Entry) -> Leapt {
        self.transact(statements, entry).await.map_or_else(Halt::into_leapt, |()| Leapt::Applied)
    }

    async fn alone(&mut self, statement: &Sql) -> Leapt {
        self.apart(statement).await.map_or_else(Halt::into_leapt, |()| Leapt::Applied)
    }

    async fn find_out(&mut self, statement: &Sql) -> Result<Found, Trouble> {
        let found = self.found(statement).await;
        found.map_err(|halt| halt.into_trouble(self.server.place(), "find out about a statement"))
    }

    async fn clear_away(&mut self, statement: &Sql) -> Result<Found, Trouble> {
        let cleared = self.cleared(statement).await;
        let what = "clear away what a statement has left";
        cleared.map_err(|halt| halt.into_trouble(self.server.place(), what))
    }

    async fn close(mut self: Box<Self>) -> Result<(), Trouble> {
        let failed = self.failed("give its lock back");
        if self.server.unlock(&self.key).await.map_err(failed)? {
            return Ok(());
        }
        let (place, what) = (self.server.place(), "give its lock back".into());
        Err(Trouble::Refused { place, what, reason: "this session did not have it".into() })
    }
}
