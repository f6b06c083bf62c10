//! Driving runs: opening them, going on with them, giving them up.

use std::sync::Arc;

use pilotage_rollout::journal::{Entry, Record, RunId, SCHEMA};
use pilotage_rollout::plan::{Plan, SCHEMA as PLAN_SCHEMA};
use pilotage_rollout::{Event, Fence, Moment, Run, Span, Verdict};

use super::book::Book;
use super::embark::{Begin, First, embark};
use super::error::DriverError;
use super::interruption::{Interruption, Interruptions};
use super::keeper::{Keeper, Reading};
use super::load::Loaded;
use super::time::{RunClock, silence, within};
use super::{Crew, Finished, Patience, Warning};
use crate::journal::Head;
use crate::role::{Acquired, LeaseFailure, News};

/// Drives runs with the crew that it was given.
///
/// The futures of its methods do everything themselves: dropping one is like the death of the
/// process, and leaves a journal from which [`resume`](Self::resume) goes on.
#[derive(Debug, Clone)]
pub struct Driver {
    crew: Crew,
    patience: Patience,
    holder: String,
}

/// Whether the lease was granted.
enum Boarding {
    Aboard(Keeper),
    Busy(Verdict),
}

impl Driver {
    /// A driver; `holder` is what others are told who find the lease busy, such as the address of
    /// the CI job.
    pub const fn new(crew: Crew, patience: Patience, holder: String) -> Self {
        Self { crew, patience, holder }
    }

    /// Opens a run of this plan and drives it to a verdict.
    ///
    /// Whether the plan is still good (its expiry, the state that it was made from) is checked by
    /// the run itself, after the target was claimed and before anything else is written to it.
    pub async fn drive(
        &self,
        id: RunId,
        plan: Arc<Plan>,
        stop: Interruptions,
    ) -> Result<Finished, DriverError> {
        if plan.schema > PLAN_SCHEMA {
            return Err(DriverError::NewerPlan { found: plan.schema, known: PLAN_SCHEMA });
        }
        let keeper = match self.board(&id, Fence::default()).await? {
            Boarding::Aboard(keeper) => keeper,
            Boarding::Busy(verdict) => return Ok(self.ashore(id, verdict, Vec::new())),
        };
        let (time, _) = RunClock::start(self.crew.clock.clone(), Moment::default());
        let (fence, at) = (keeper.grant().fence, time.now());
        let run = Run::open(plan.clone(), fence, at);
        let book = self.book(&id, Head::EMPTY);
        let entry = Entry::Opened { schema: SCHEMA, run: id, plan, fence };
        let first = First::Open(Box::new(Record { at, entry }));
        let warnings = Vec::new();
        let begin = Begin { run, first, book, time, keeper, warnings, stop };
        embark(&self.crew, &self.patience, begin).await
    }

    /// Goes on with a run that was left, or says how it ended.
    pub async fn resume(&self, id: RunId, stop: Interruptions) -> Result<Finished, DriverError> {
        let before = Loaded::load(&self.crew, &self.patience, &id).await?;
        if let Some(verdict) = before.is_over() {
            return Ok(self.ashore(id, verdict, Vec::new()));
        }
        let keeper = match self.board(&id, before.replayed.run.fence()).await? {
            Boarding::Aboard(keeper) => keeper,
            Boarding::Busy(verdict) => return Ok(self.ashore(id, verdict, Vec::new())),
        };
        // Whoever had the lease until now may have gone on meanwhile.
        match Loaded::load(&self.crew, &self.patience, &id).await {
            Ok(loaded) => self.go_on(id, loaded, keeper, stop).await,
            Err(error) => {
                // The error at hand is the one that matters; the lease ends by itself.
                let _unreleased = keeper.release(self.patience.farewell).await;
                Err(error)
            }
        }
    }

    /// Gives up a run that was left, and brings the old release back; one that is over stays as
    /// it is.
    pub async fn abort(
        &self,
        id: RunId,
        by: String,
        mut stop: Interruptions,
    ) -> Result<Finished, DriverError> {
        stop.keep(Interruption::Abort { by });
        self.resume(id, stop).await
    }

    async fn go_on(
        &self,
        id: RunId,
        loaded: Loaded,
        keeper: Keeper,
        stop: Interruptions,
    ) -> Result<Finished, DriverError> {
        if let Some(verdict) = loaded.is_over() {
            let warnings = keeper.release(self.patience.farewell).await.into_iter().collect();
            return Ok(self.ashore(id, verdict, warnings));
        }
        for (sequence, record) in (0..).zip(&loaded.records) {
            self.crew.watcher.see(&News::Replayed { sequence, record });
        }
        let (time, behind) = RunClock::start(self.crew.clock.clone(), loaded.last());
        let warnings = oddities(behind, loaded.torn);
        let Loaded { head, replayed, .. } = loaded;
        let fence = keeper.grant().fence;
        let first = First::Resume(Event::Resumed { fence, dangling: replayed.dangling });
        let (run, book) = (replayed.run, self.book(&id, head));
        let begin = Begin { run, first, book, time, keeper, warnings, stop };
        embark(&self.crew, &self.patience, begin).await
    }

    async fn board(&self, id: &RunId, above: Fence) -> Result<Boarding, DriverError> {
        let Crew { lease, clock, .. } = &self.crew;
        let limit = self.patience.acquire;
        let since = Reading::of(&**clock);
        let holder = format!("{}, run `{id}`", self.holder);
        let acquired = within(&**clock, limit, lease.acquire(&holder, above)).await;
        let unanswered = || {
            Err(LeaseFailure { place: "its store".into(), reason: silence(limit), source: None })
        };
        match acquired.unwrap_or_else(unanswered) {
            Ok(Acquired::Held(grant)) => {
                let keeper =
                    Keeper::new(lease.clone(), clock.clone(), grant, self.patience.lease, since);
                Ok(Boarding::Aboard(keeper))
            }
            Ok(Acquired::Busy { holder }) => {
                Ok(Boarding::Busy(Verdict::Busy { reason: holder.by(clock.now()) }))
            }
            Err(source) => Err(DriverError::Lease { source }),
        }
    }

    fn book(&self, id: &RunId, head: Head) -> Book {
        let Crew { journal, clock, .. } = &self.crew;
        Book::new(journal.clone(), clock.clone(), self.patience.journal, id.clone(), head)
    }

    /// A run that is not driven, because it is over or because somebody else owns it.
    fn ashore(&self, run: RunId, verdict: Verdict, warnings: Vec<Warning>) -> Finished {
        for warning in &warnings {
            self.crew.watcher.see(&News::Warned { warning });
        }
        self.crew.watcher.see(&News::Ended { run: &run, verdict: &verdict });
        Finished { verdict, run, written: 0, warnings }
    }
}

fn oddities(behind: Span, torn: usize) -> Vec<Warning> {
    let clock = (behind > Span::ZERO).then_some(Warning::ClockBehind { by: behind });
    let tail = (torn > 0).then_some(Warning::TornTail { bytes: torn });
    clock.into_iter().chain(tail).collect()
}
