//! One execution of a run by one process.

use std::pin::pin;

use pilotage_rollout::journal::{Entry, Record};
use pilotage_rollout::run::{Illegal, Phase, Stage as RunStage};
use pilotage_rollout::target::{Order, Outcome};
use pilotage_rollout::{Cause, Effect, Event, Run, Verdict};

use super::book::Book;
use super::error::{DriverError, WriteFailure};
use super::herald::Herald;
use super::interruption::Interruptions;
use super::keeper::Keeper;
use super::perform::{Stage, missing};
use super::time::{RunClock, within};
use super::{Crew, Patience, Warning};
use crate::role::{News, Notice, StoreError};

/// One execution of a run by one process: the state of the loop.
#[derive(Debug)]
pub(super) struct Voyage<'a> {
    pub(super) crew: &'a Crew,
    pub(super) patience: &'a Patience,
    pub(super) time: RunClock,
    pub(super) book: Book,
    pub(super) keeper: Keeper,
    pub(super) stop: Interruptions,
    pub(super) herald: Herald,
    pub(super) warnings: Vec<Warning>,
    pub(super) run: Run,
}

/// How the carrying out of an order ended.
enum Carried {
    /// It has an outcome.
    Out(Outcome),
    /// It was left under way because of this.
    Left(Event),
}

impl Voyage<'_> {
    /// Does what the run wants until there is a verdict.
    pub(super) async fn sail(&mut self) -> Result<Verdict, DriverError> {
        loop {
            if let Some(verdict) = self.run.verdict() {
                self.herald.tell(Notice::Ended(verdict.clone()));
                return Ok(verdict);
            }
            if let Some(interruption) = self.stop.take() {
                self.happened(interruption.into()).await?;
                continue;
            }
            match self.run.effect().clone() {
                Effect::Act(order) => self.act(order).await?,
                effect => self.perform(effect).await?,
            }
        }
    }

    /// Intent, lease, call, outcome: the order of these is the reason for this crate.
    async fn act(&mut self, order: Order) -> Result<(), DriverError> {
        let intent = Record { at: self.time.now(), entry: Entry::Intent(order.clone()) };
        self.write(intent).await?;
        if let Err(reason) = self.keeper.confirm().await {
            return self.happened(Event::LeaseLost { reason }).await;
        }
        // Nothing is begun that was told to stop before it began.
        if let Some(interruption) = self.stop.take() {
            return self.happened(interruption.into()).await;
        }
        match self.carry_out(&order).await {
            Carried::Out(outcome) => self.happened(Event::Acted(outcome)).await,
            Carried::Left(event) => self.happened(event).await,
        }
    }

    /// An order that is under way when the process is told to stop gets a short grace to be
    /// answered; beyond that, and when the lease is lost, its intent is left dangling.
    async fn carry_out(&mut self, order: &Order) -> Carried {
        let Self { crew, patience, time, book, keeper, stop, run, .. } = self;
        let stage = Stage { crew, patience, time, id: book.run(), run };
        let mut call = pin!(stage.apply(order));
        tokio::select! {
            biased;
            outcome = &mut call => Carried::Out(outcome),
            reason = keeper.lost() => Carried::Left(Event::LeaseLost { reason }),
            interruption = stop.next() => {
                match within(&*crew.clock, patience.grace, call).await {
                    Some(outcome) => {
                        stop.keep(interruption);
                        Carried::Out(outcome)
                    }
                    None => Carried::Left(interruption.into()),
                }
            }
        }
    }

    /// Whatever writes nothing is simply dropped when something more important happens.
    async fn perform(&mut self, effect: Effect) -> Result<(), DriverError> {
        let Self { crew, patience, time, book, keeper, stop, run, .. } = self;
        let stage = Stage { crew, patience, time, id: book.run(), run };
        let event = tokio::select! {
            biased;
            event = stage.ask(effect) => event,
            reason = keeper.lost() => Some(Event::LeaseLost { reason }),
            interruption = stop.next() => Some(interruption.into()),
        };
        match event {
            Some(Event::Measured(readings)) => self.measured(readings).await,
            Some(event) => self.happened(event).await,
            None => Ok(()),
        }
    }

    /// Readings that do not fit are no readings: a source of metrics cannot stop a run.
    async fn measured(
        &mut self,
        readings: Vec<pilotage_judge::Reading>,
    ) -> Result<(), DriverError> {
        let Effect::Measure { metrics, .. } = self.run.effect() else { return Ok(()) };
        let count = metrics.len();
        let event = Event::Measured(readings);
        if let Err(Illegal::Readings(unfit)) = self.after(&event) {
            let reason = unfit.to_string();
            let event = Event::Measured(missing(count, &reason));
            self.warn(Warning::UnfitReadings { reason });
            return self.happened(event).await;
        }
        self.happened(event).await
    }

    /// Writes an event down and then lets the run act upon it. An event that the run would refuse
    /// is not written: it would make the journal one that nobody can replay.
    pub(super) async fn happened(&mut self, mut event: Event) -> Result<(), DriverError> {
        self.veil(&mut event);
        let illegal = |source| DriverError::Illegal { run: self.book.run().clone(), source };
        let next = self.after(&event).map_err(illegal)?;
        let forward = !self.run.goes_back();
        let record = Record { at: next.now(), entry: Entry::Happened(event) };
        // From here on the run is ahead of its journal: if the record cannot be written, nothing
        // is done with it any more.
        self.run = next;
        self.write(record).await?;
        if let Some(cause) = why_back(&self.run).filter(|_| forward) {
            self.herald.tell(Notice::Reverting { cause: cause.clone() });
        }
        Ok(())
    }

    /// Takes known secrets out of what others have said. The run and its journal get the same words,
    /// so that a replay decides alike.
    fn veil(&self, event: &mut Event) {
        let redactor = self.crew.veil.redactor();
        if redactor.is_empty() {
            return;
        }
        for words in event.words_mut() {
            *words = redactor.text(words).into_owned();
        }
    }

    fn after(&self, event: &Event) -> Result<Run, Illegal> {
        self.run.clone().advance(self.time.now(), event)
    }

    /// Writes a record down and shows it; `run` is the state that it leads to.
    pub(super) async fn write(&mut self, record: Record) -> Result<(), DriverError> {
        match self.book.append(&record).await {
            Ok(sequence) => {
                let news = News::Recorded { sequence, record: &record, state: &self.run };
                self.crew.watcher.see(&news);
                Ok(())
            }
            Err(source) => Err(self.unwritten(record, source)),
        }
    }

    fn unwritten(&self, record: Record, source: WriteFailure) -> DriverError {
        let (run, record) = (self.book.run().clone(), Box::new(record));
        match source {
            WriteFailure::Store(StoreError::Conflict { .. })
                if matches!(record.entry, Entry::Opened { .. }) =>
            {
                DriverError::Exists { run, source }
            }
            WriteFailure::Store(StoreError::Conflict { .. }) => {
                DriverError::Overtaken { run, record, source }
            }
            source => DriverError::Unrecorded { run, record, source },
        }
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.crew.watcher.see(&News::Warned { warning: &warning });
        self.warnings.push(warning);
    }
}

/// Why a run goes back, if it does.
const fn why_back(run: &Run) -> Option<&Cause> {
    let Phase::Working(work) = run.phase() else { return None };
    match &work.stage {
        RunStage::Restoring { cause, .. }
        | RunStage::Unrolling { cause }
        | RunStage::Returning { cause }
        | RunStage::Releasing { cause }
        | RunStage::Disposing { cause }
        | RunStage::Closing { cause } => Some(cause),
        _ => None,
    }
}
